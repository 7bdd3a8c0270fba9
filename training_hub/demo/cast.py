"""The invented people of the demo, and the six that a visitor can sign in as."""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from training_hub.access import Role
from training_hub.demo.places import AGENCIES, FIRST_NAMES, JOBS, LAST_NAMES, POOL, POOL_SECTORS
from training_hub.people.models import Sector

PEOPLE = 900
TRAINERS = 45
LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ŷ": "y", "’": "", "'": ""})


@dataclass(frozen=True, kw_only=True)
class CastMember:
    """One invented person, at the agency of this name."""

    name: str
    email: str
    agency: str
    job_role: str
    manager_name: str = ""
    manager_email: str = ""
    roles: tuple[Role, ...] = ()


def sectors() -> dict[str, Sector]:
    """The sector of each agency, by name, the pool's included."""
    found = {name: POOL_SECTORS.get(name, Sector.STATUTORY_PARTNER) for name in POOL}
    return found | {name: sector for name, sector, _size in AGENCIES}


def address_of(name: str) -> str:
    """The address of an invented person: sian.obrien@example.org for "Siân O'Brien"."""
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", ".", plain) + "@example.org"


SIGNING_IN = {
    Role.PRACTITIONER: CastMember(
        name="Megan Pritchard",
        email=address_of("Megan Pritchard"),
        agency="Whitby Heath High School",
        job_role="Pastoral lead",
        manager_name="Gareth Ashton",
        manager_email=address_of("Gareth Ashton"),
    ),
    Role.AGENCY_LEAD: CastMember(
        name="Rachel Dutton",
        email=address_of("Rachel Dutton"),
        agency="Whitby Heath High School",
        job_role="Deputy head teacher",
        roles=(Role.AGENCY_LEAD,),
    ),
    Role.TRAINER: CastMember(
        name="Tomasz Nowak",
        email=address_of("Tomasz Nowak"),
        agency="Early Help and Prevention",
        job_role="Team manager",
        roles=(Role.TRAINER,),
    ),
    Role.HUB_OFFICER: CastMember(
        name="Helen Gwynne",
        email=address_of("Helen Gwynne"),
        agency="Local Authority Workforce Development",
        job_role="Learning and Development Officer",
        roles=(Role.HUB_OFFICER,),
    ),
    Role.HUB_MEMBER: CastMember(
        name="Imran Malik",
        email=address_of("Imran Malik"),
        agency="Police",
        job_role="Detective Inspector, Public Protection",
        roles=(Role.HUB_MEMBER,),
    ),
    Role.ADMINISTRATOR: CastMember(
        name="Claire Ormerod",
        email=address_of("Claire Ormerod"),
        agency="Local Authority Workforce Development",
        job_role="Systems administrator",
        roles=(Role.ADMINISTRATOR,),
    ),
}
"""The person that a visitor signs in as, by role."""


@dataclass(frozen=True)
class Cast:
    """Everyone who books and everyone who trains."""

    delegates: list[CastMember]
    trainers: list[CastMember]

    @property
    def everyone(self) -> list[CastMember]:
        """All of them and the people visitors sign in as, each once, always in the same order."""
        others = [one for role, one in SIGNING_IN.items() if role is not Role.TRAINER]
        return [*others, *self.trainers, *self.delegates]


def gather(chance: random.Random) -> Cast:
    """The cast, the same for the same chance."""
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
        email=address_of(name),
        agency=agency,
        job_role=chance.choice(JOBS[sectors()[agency]]),
        manager_name=manager,
        manager_email=address_of(manager) if manager else "",
        roles=roles,
    )
