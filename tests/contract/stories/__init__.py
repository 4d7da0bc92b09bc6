"""What is asked, by whom and why. Stories that write have a borough each, so that changing one changes no other."""

from tests.contract.portal import Who
from tests.contract.stories import acting, answering, arriving, deciding, emergencies, families, looking, refused, reporting
from tests.contract.stories.cast import BROTHER, NEW_INCLUSION_LEAD, NEW_SAFEGUARDING_LEAD, SECOND_LEAD
from tests.contract.teller import Story

STORIES: dict[str, Story] = {
    **looking.STORIES, **reporting.STORIES, **families.STORIES, **deciding.STORIES, **acting.STORIES, **arriving.STORIES, **emergencies.STORIES,
    **answering.STORIES, **refused.STORIES,
}  # fmt: skip
BOROUGHS: list[list[str]] = [list(looking.STORIES), *([name] for name in STORIES if name not in looking.STORIES)]
"""Which stories share one: those that only read."""

WHO_ELSE: set[Who] = {BROTHER, NEW_INCLUSION_LEAD, NEW_SAFEGUARDING_LEAD, SECOND_LEAD}
