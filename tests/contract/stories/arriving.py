"""Files that come with pupils."""

from base64 import b64encode
from dataclasses import replace

from tests.contract.stories.cast import INCLUSION_LEAD, LEAD, NEW_INCLUSION_LEAD
from tests.contract.teller import Story, Teller
from throughline.terms.numbers import make_upn, parse_laestab
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, write_ctf

OAKFIELD = SampleSchool(parse_laestab("9892001"), "900001", "Oakfield Primary School")
UNSURE = replace(OAKFIELD, urn="12")
UPN = make_upn("989200123901")


def base64(text: bytes) -> str:
    return b64encode(text).decode()


def file_of(*pupils: SamplePupil, source: SampleSchool = OAKFIELD) -> str:
    return base64(b"".join(write_ctf(pupils, source=source, destination="9892002", sent_at="2026-11-02T08:30:00")))


async def a_transfer_file(tell: Teller) -> None:
    mina = SamplePupil(UPN, "Quill", "Mina", "2018-04-09", entered_on="2022-09-05", left_on="2026-10-30")
    slip = SamplePupil(f"{'A' if UPN[0] != 'A' else 'B'}{UPN[1:]}", "Lark", "Tom", "2018-07-01", left_on="2026-10-30")
    nobody = SamplePupil(UPN, None, None, None)
    bring, content = "ImportCtf", file_of(mina, slip, nobody)
    for who, why, given in (
        (INCLUSION_LEAD, "By the school that sends it. A slip in a UPN, and a UPN twice: two are left out.", {"content": content}),
        (
            NEW_INCLUSION_LEAD,
            "By the school that receives it: proposed already. The file’s name is compared with its header.",
            {"content": file_of(mina), "fileName": "9892001_CTF_9892003_001.xml"},
        ),
        (INCLUSION_LEAD, "No pupils, and a URN that is none: warnings.", {"content": file_of(source=UNSURE)}),
        (INCLUSION_LEAD, "Not a Common Transfer File.", {"content": base64(b"<letter/>")}),
        (INCLUSION_LEAD, "Not base64.", {"content": "<CTfile>"}),
        (LEAD, "A role that brings in no files.", {"content": content}),
    ):
        await tell.act(who, bring, why, **given)


STORIES: dict[str, Story] = {"a transfer file": a_transfer_file}
