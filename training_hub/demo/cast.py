"""The invented people of the demo, and the six that a visitor can sign in as."""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from training_hub.access import Role
from training_hub.demo.places import AGENCIES, FIRST_NAMES, JOBS, LAST_NAMES, POOL, POOL_SECTORS
from training_hub.people.models import Sector

PEOPLE = 900
TRAINERS = 45
WORKFORCE = "Local Authority Workforce Development"
LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ŷ": "y", "’": "", "'": ""})


@dataclass(frozen=True, kw_only=True)
class CastMember:
    """One invented person, who works at the agency of this name."""

    name: str
    agency: str
    job_role: str
    manager_name: str = ""
    roles: tuple[Role, ...] = ()

    @property
    def email(self) -> str:
        """The person's address. It is made from the name, so no two people have the same name."""
        return address_of(self.name)


def sectors() -> dict[str, Sector]:
    """The sector of each agency by name, including the agencies of the trainer pool."""
    found = {name: POOL_SECTORS.get(name, Sector.STATUTORY_PARTNER) for name in POOL}
    return found | {name: sector for name, sector, _size in AGENCIES}


@cache
def address_of(name: str) -> str:
    """The address of an invented person: sian.obrien@example.org for "Siân O'Brien"."""
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", ".", plain) + "@example.org"


SIGNING_IN = {
    role: CastMember(
        name=name,
        agency=agency,
        job_role=job_role,
        manager_name="Gareth Ashton" if role is Role.PRACTITIONER else "",
        roles=() if role is Role.PRACTITIONER else (role,),
    )
    for role, name, agency, job_role in (
        (Role.PRACTITIONER, "Megan Pritchard", "Whitby Heath High School", "Pastoral lead"),
        (Role.AGENCY_LEAD, "Rachel Dutton", "Whitby Heath High School", "Deputy head teacher"),
        (Role.TRAINER, "Tomasz Nowak", "Early Help and Prevention", "Team manager"),
        (Role.HUB_OFFICER, "Helen Gwynne", WORKFORCE, "Learning and Development Officer"),
        (Role.HUB_MEMBER, "Imran Malik", "Police", "Detective Inspector, Public Protection"),
        (Role.ADMINISTRATOR, "Claire Ormerod", WORKFORCE, "Systems administrator"),
    )
}
"""The person that a visitor signs in as, by role."""


@dataclass(frozen=True)
class Cast:
    """Everyone who books and everyone who trains."""

    delegates: list[CastMember]
    trainers: list[CastMember]

    @property
    def everyone(self) -> list[CastMember]:
        """All these people, and those that visitors sign in as, each once and always in the same order."""
        others = [one for role, one in SIGNING_IN.items() if role is not Role.TRAINER]
        return [*others, *self.trainers, *self.delegates]


def gather(chance: random.Random) -> Cast:
    """The cast. The same seed gives the same cast."""
    names = _names(chance, taken={one.name for one in SIGNING_IN.values()} | {"Gareth Ashton"})
    trainers = [SIGNING_IN[Role.TRAINER]]
    trainers += [
        _one(chance, next(names), POOL[number % len(POOL)], roles=(Role.TRAINER,))
        for number in range(1, TRAINERS)
    ]
    places = [name for name, _sector, size in AGENCIES for _ in range(size)]
    managers = {name: next(names) for name, _sector, _size in AGENCIES}
    delegates = []
    for _ in range(PEOPLE):
        agency = chance.choice(places)
        delegates.append(_one(chance, next(names), agency, manager=managers[agency]))
    return Cast(delegates, trainers)


def _names(chance: random.Random, taken: set[str]) -> Iterator[str]:
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    chance.shuffle(names)
    seen = {address_of(name) for name in taken}
    for name in names:
        # Two names can make one address (Siân and Sian), and an address is one person.
        if address_of(name) not in seen:
            seen.add(address_of(name))
            yield name


def _one(
    chance: random.Random, name: str, agency: str, *, manager: str = "", roles: tuple[Role, ...] = ()
) -> CastMember:
    return CastMember(
        name=name,
        agency=agency,
        job_role=chance.choice(JOBS[sectors()[agency]]),
        manager_name=manager,
        roles=roles,
    )
