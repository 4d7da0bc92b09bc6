"""What is asked, by whom and why. Each story has a borough of its own, so that changing one changes no other."""

from tests.contract.portal import Who
from tests.contract.stories import acting, deciding, families, looking, refused, reporting
from tests.contract.stories.cast import BROTHER, NEW_SAFEGUARDING_LEAD, NEW_INCLUSION_LEAD, SECOND_LEAD
from tests.contract.teller import Story

STORIES: dict[str, Story] = {
    **looking.STORIES, **reporting.STORIES, **families.STORIES, **deciding.STORIES, **acting.STORIES, **refused.STORIES,
}  # fmt: skip
WHO_ELSE: set[Who] = {BROTHER, NEW_SAFEGUARDING_LEAD, NEW_INCLUSION_LEAD, SECOND_LEAD}
