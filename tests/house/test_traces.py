"""Nothing that is committed says where it was written or where its packages came from."""

import re

from tests.house.repository import ROOT, tracked

TRACES = re.compile(
    r"""(?x)
      (?<![\w.-])/(?:work|root|home)/\w
    | (?<![\w.-])/tmp/(?!\#)\w
    | (?<![\w.-])/opt/(?:wheels|pypi)
    | \bpypi[.]org | pythonhosted[.]org | registry[.]npmjs | npmjs[.]org | deb[.]debian[.]org
    | --(?:extra-)?index-url[ =] | --find-links?[ =] | PIP_[A-Z]+=
    """
)
BINARY = {".png", ".gz", ".zip", ".ico", ".woff2"}


def test_no_path_of_a_machine_and_no_registry() -> None:
    found = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if trace := TRACES.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {trace[0]}")
    assert found == []
