"""The whole story, told once on a real server process; the tests look at what everybody saw at which moment."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.conftest import Administrator
from tests.journey.directory import settle_in
from tests.journey.pictures import Picture, every_answer, picture
from tests.journey.story import TODAY, Story
from tests.served import Served
from throughline.terms.purpose import Purpose

Answers = dict[str, dict[str, bytes]]


@dataclass
class Told:
    """`pictures`: at each moment, by viewer. `before` and `after` the drop-in: every answer, by viewer and route."""

    story: Story
    owner_url: str
    pictures: dict[str, dict[str, Picture]] = field(default_factory=dict)
    before: Answers = field(default_factory=dict)
    after: Answers = field(default_factory=dict)

    def look(self, moment: str) -> None:
        workers = self.story.town.workers
        self.pictures[moment] = {called: picture(self.story, self.story.at(called)) for called in workers}

    def answers(self) -> Answers:
        seats = {called: self.story.at(called) for called in self.story.town.workers}
        seats |= {f"{called} for TRANSITION": self.story.at(called, Purpose.TRANSITION) for called in ("old lead", "new lead")}
        return {called: every_answer(self.story, seat) for called, seat in seats.items()}


@pytest.fixture(scope="session")
def told(administrator: Administrator, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    database = administrator.make_database(template_database)
    folder = tmp_path_factory.mktemp("journey")
    town = asyncio.run(settle_in(database.owner_url, TODAY))
    with Served(database.app_url, folder) as served:
        journey = Told(Story(served, town, folder), database.owner_url)
        _tell(journey)
        yield journey
        journey.story.close()
    administrator.drop_database(database)


def _tell(told: Told) -> None:
    story = told.story
    story.until_the_sharing()
    told.look("apart")
    story.the_front_door_agrees_to_the_sharing()
    story.the_front_door_decides()
    told.look("shared")
    story.the_officer_is_the_mothers_brother()
    story.sara_moves_to_secondary_school()
    told.look("moved")
    story.support_goes_on()
    told.look("later")
    told.before = told.answers()
    story.a_confidential_drop_in()
    told.after = told.answers()
