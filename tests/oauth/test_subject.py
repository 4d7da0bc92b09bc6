from dataclasses import replace
from uuid import UUID

import pytest

from throughline.access.viewer import Viewer
from throughline.oauth.subject import subject, viewer
from throughline.oauth.tokens import Claims, TokenError
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

WHO = UUID("0190d3a4-7e0c-7b6a-9f2e-0a1b2c3d4e5f")
CLAIMS = Claims(subject(WHO, is_tool=False), "client", Role.SAFEGUARDING_LEAD, Purpose.SUPPORT, "t", 0, 600)


@pytest.mark.parametrize("is_tool", [True, False])
def test_a_subject_comes_back_as_the_viewer_it_names(is_tool: bool) -> None:
    claims = replace(CLAIMS, subject=subject(WHO, is_tool=is_tool))
    expected = Viewer(WHO, "client", Role.SAFEGUARDING_LEAD, Purpose.SUPPORT, is_tool=is_tool)
    assert viewer(claims) == expected


@pytest.mark.parametrize("said", [str(WHO), f"agency:{WHO}", "practitioner:", "practitioner:nobody", "tool:7", ":"])
def test_any_other_subject_is_not_believed(said: str) -> None:
    with pytest.raises(TokenError):
        viewer(replace(CLAIMS, subject=said))


def test_a_tool_that_acts_for_somebody_is_not_served_yet() -> None:
    with pytest.raises(TokenError):
        viewer(replace(CLAIMS, actor="tool-1"))
