"""What confidential services did, as anonymous counts for each area and year: all that is ever told of them elsewhere.

What whoever reads them could try, and what stands against it:
- *few people*: a service with fewer than `FEWEST` people or reports in the year is left out, as if it did not exist;
- *padding*: each service must reach that by itself, so nobody lifts another's few over the line by adding people of their own;
- *taking away*: whoever knows their own service's numbers is left with another's, which are not few, and with what rounding hides;
- *whom two services know*: they count once at each, so no figure tells that two services know the same person;
- *a second edition*: a year is counted once, for all areas together, in the April after it or later; what comes in, is withdrawn,
  linked or erased afterwards changes nothing;
- *sums*: a report belongs to one area and year, and no totals are published that a missing figure could be worked out from;
- *no figure*: areas without confidential services have a row too, and look like those whose services are small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
from sqlalchemy import CheckConstraint, Date, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Id

FEWEST = 10
"""People and reports that a service must have had in the year. An area may ask for more, and never for less."""
FIRST_YEAR = 2000


class PublishedCount(Base):
    """`reports`, `people`: rounded to the nearest five; null for no figure. `fewest`: what the area asked for."""

    __tablename__ = "published_count"

    id: Mapped[Id]
    area: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    fewest: Mapped[int] = mapped_column(Integer)
    reports: Mapped[int | None] = mapped_column(Integer)
    people: Mapped[int | None] = mapped_column(Integer)
    published_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint(f"fewest >= {FEWEST}", name="fewest"),
        CheckConstraint(f"year between {FIRST_YEAR} and 9999", name="year"),
        CheckConstraint("reports % 5 = 0 and people % 5 = 0", name="in_fives"),
        CheckConstraint("num_nulls(reports, people) in (0, 2)", name="both_or_neither"),
        CheckConstraint("published_on >= make_date(year + 1, 4, 1)", name="year_is_over"),
        UniqueConstraint("year", "area"),
    )


class PublishError(Exception):
    """Nothing was published. `code`: BAD_YEAR, NOT_YET, ALREADY_PUBLISHED, UNKNOWN_AREA, TOO_FEW or NOT_THE_OWNER."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Figure:
    """What is published of one area: `reports` and `people` are both None for no figure."""

    area: str
    fewest: int
    reports: int | None
    people: int | None


def first_day(year: int) -> date:
    """From when on a year may be counted: what comes late has come by then."""
    return date(year + 1, 4, 1)


def last_year(today: date) -> int:
    """The newest year that may be counted."""
    return today.year - 1 if today >= first_day(today.year - 1) else today.year - 2


async def publish(
    connection: "asyncpg.Connection[Any]", year: int, today: date, fewest: Mapping[str, int] | None = None
) -> Sequence[Figure]:
    """Count a year once, for every area, by area. `fewest`: what areas ask for, by area, from now on; an area that is not named goes
    on with what it asked for last. `connection`: the owner's. Raises PublishError."""
    asked = fewest or {}
    _check(year, today, asked)
    async with connection.transaction():
        rows = await _counted(connection, year, today, asked)
    return sorted((Figure(**row) for row in rows), key=lambda one: one.area)


async def _counted(connection: "asyncpg.Connection[Any]", year: int, today: date, asked: Mapping[str, int]) -> list[Any]:
    """Two at once: one waits, and finds that it is done."""
    try:
        await connection.execute("lock table portal.published_count in share row exclusive mode")
    except asyncpg.InsufficientPrivilegeError as error:
        raise PublishError("NOT_THE_OWNER", "only the database's owner publishes; name it in DATABASE_OWNER_URL") from error
    if await connection.fetchval("select exists (select from portal.published_count where year = $1)", year):
        raise PublishError("ALREADY_PUBLISHED", f"the counts of {year} are published, and are never counted again")
    known = {row["area"] for row in await connection.fetch("select distinct area from portal.agency")}
    if unknown := sorted(asked.keys() - known):
        raise PublishError("UNKNOWN_AREA", f"no agency is in {', '.join(unknown)}; areas are {', '.join(sorted(known)) or 'none'}")
    days = date(year, 1, 1), date(year, 12, 31)
    rows: list[Any] = await connection.fetch(_PUBLISH, year, *days, today, list(asked), list(asked.values()))
    return rows


def _check(year: int, today: date, fewest: Mapping[str, int]) -> None:
    if not FIRST_YEAR <= year <= today.year:
        raise PublishError("BAD_YEAR", f"say a year from {FIRST_YEAR} to {last_year(today)}")
    if today < first_day(year):
        raise PublishError("NOT_YET", f"the counts of {year} are published from {first_day(year):%-d %B %Y} on")
    if few := [area for area, least in fewest.items() if least < FEWEST]:
        raise PublishError("TOO_FEW", f"{few[0]} may ask for more than {FEWEST}, not for less")


_PUBLISH = f"""
    with asked as (select * from unnest($5::text[], $6::integer[]) asked (area, fewest)),
    area as (
      select a.area, coalesce(
          (select k.fewest from asked k where k.area = a.area),
          (select c.fewest from portal.published_count c where c.area = a.area order by c.published_on desc, c.year desc limit 1),
          {FEWEST}) fewest
        from (select distinct area from portal.agency) a),
    service as (
      select a.area, count(distinct n.report_id) reports, count(distinct i.person_id) people
        from portal.support_report_part_person n
        join portal.identity_record i on i.id = n.identity_record_id
        join portal.agency a on a.id = n.agency_id
        where n.sensitivity = 'CONFIDENTIAL' and n.withdrawn_at is null and n.given_on between $2 and $3
        group by a.area, n.service_id),
    counted as (
      select area.area, area.fewest, sum(service.reports)::integer reports, sum(service.people)::integer people
        from area left join service on service.area = area.area and least(service.reports, service.people) >= area.fewest
        group by area.area, area.fewest)
    insert into portal.published_count (id, area, year, fewest, reports, people, published_on)
      select gen_random_uuid(), area, $1, fewest, (reports + 2) / 5 * 5, (people + 2) / 5 * 5, $4 from counted
      returning area, fewest, reports, people
"""
