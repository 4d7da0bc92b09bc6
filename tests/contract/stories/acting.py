from tests.contract.teller import Story
STORIES: dict[str, Story] = {}
