"""Files that come with pupils."""

from base64 import b64encode

from tests.contract.stories.cast import INCLUSION_LEAD, LEAD, NEW_INCLUSION_LEAD
from tests.contract.teller import Story, Teller
from throughline.terms.numbers import make_upn, parse_laestab
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, write_ctf

OAKFIELD = SampleSchool(parse_laestab("9892001"), "900001", "Oakfield Primary School")
UPN = make_upn("989200123901")


def base64(text: bytes) -> str:
    return b64encode(text).decode()


def file_of(*pupils: SamplePupil) -> str:
    return base64(b"".join(write_ctf(pupils, source=OAKFIELD, destination="9892002", sent_at="2026-11-02T08:30:00")))


async def a_transfer_file(tell: Teller) -> None:
    mina = SamplePupil(UPN, "Quill", "Mina", "2018-04-09", entered_on="2022-09-05", left_on="2026-10-30")
    slip = SamplePupil(f"{'A' if UPN[0] != 'A' else 'B'}{UPN[1:]}", "Lark", "Tom", "2018-07-01", left_on="2026-10-30")
    nobody = SamplePupil(UPN, None, None, None)
    bring, content = "ImportCtf", file_of(mina, slip, nobody)
    await tell.act(
        INCLUSION_LEAD, bring, "By the school that sends it. The third pupil has no name, and is left out.", content=content
    )
    await tell.act(NEW_INCLUSION_LEAD, bring, "By the school that receives it: a proposal. Its name is compared with its header.",
                   content=file_of(mina), fileName="9892001_CTF_9892003_001.xml")  # fmt: skip
    await tell.act(INCLUSION_LEAD, bring, "Not a Common Transfer File.", content=base64(b"<letter/>"))
    await tell.act(INCLUSION_LEAD, bring, "Not base64.", content="<CTfile>")
    await tell.act(LEAD, bring, "A role that brings in no files.", content=content)


STORIES: dict[str, Story] = {"a transfer file": a_transfer_file}
