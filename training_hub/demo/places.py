"""Agencies, venues, the trainer pool and names. All except the pool's agencies are invented."""

from training_hub.people.models import Sector

S = Sector

POOL = (
    "Integrated Access and Referral Team (i-ART)",
    "Cheshire and Wirral Partnership",
    "Countess of Chester Hospital",
    "Local Authority Children's Services",
    "Local Authority Workforce Development",
    "Early Help and Prevention",
    "Safeguarding Children in Education",
    "Schools",
    "Probation",
    "Child and Adolescent Mental Health Service",
    "Commissioned Services",
    "Police",
    "Safeguarding Quality Assurance Unit",
)
"""The thirteen agencies that provide the trainers."""

POOL_SECTORS = {
    "Cheshire and Wirral Partnership": S.HEALTH,
    "Countess of Chester Hospital": S.HEALTH,
    "Child and Adolescent Mental Health Service": S.HEALTH,
    "Schools": S.SCHOOL,
    "Commissioned Services": S.VOLUNTARY,
}

AGENCIES: tuple[tuple[str, Sector, int], ...] = (
    ("Local Authority Children's Services", S.STATUTORY_PARTNER, 60),
    ("Early Help and Prevention", S.STATUTORY_PARTNER, 46),
    ("Police", S.STATUTORY_PARTNER, 30),
    ("Probation", S.STATUTORY_PARTNER, 18),
    ("Integrated Access and Referral Team (i-ART)", S.STATUTORY_PARTNER, 10),
    ("Countess of Chester Hospital", S.HEALTH, 34),
    ("Cheshire and Wirral Partnership", S.HEALTH, 40),
    ("Child and Adolescent Mental Health Service", S.HEALTH, 14),
    ("Commissioned Services", S.VOLUNTARY, 12),
    ("Weaver Vale Housing Support", S.VOLUNTARY, 12),
    ("Dee Valley Community Midwives", S.HEALTH, 14),
    ("Mersey View Medical Centre", S.HEALTH, 8),
    ("Northgate Street Surgery", S.HEALTH, 8),
    ("Sandstone Ridge Practice", S.HEALTH, 6),
    ("Cheshire West School Nursing", S.HEALTH, 18),
    ("Health Visiting Chester and Rural", S.HEALTH, 20),
    ("Rivacre Academy", S.SCHOOL, 16),
    ("Blacon Hill Primary School", S.SCHOOL, 14),
    ("Whitby Heath High School", S.SCHOOL, 20),
    ("St Oswald's Catholic Primary School", S.SCHOOL, 12),
    ("Hoole Lane Primary School", S.SCHOOL, 12),
    ("Frodsham Marsh Primary School", S.SCHOOL, 10),
    ("Helsby Quarry High School", S.SCHOOL, 14),
    ("Winsford Bridge Academy", S.SCHOOL, 16),
    ("Northwich Lion High School", S.SCHOOL, 18),
    ("Leftwich Meadow Primary School", S.SCHOOL, 10),
    ("Neston Quay Primary School", S.SCHOOL, 10),
    ("Tarporley Green Primary School", S.SCHOOL, 8),
    ("Malpas Cross Primary School", S.SCHOOL, 8),
    ("Tattenhall Brook School", S.SCHOOL, 8),
    ("Upton Cross High School", S.SCHOOL, 16),
    ("Lache Fields Primary School", S.SCHOOL, 10),
    ("Greenbank View Special School", S.SCHOOL, 14),
    ("Dee Banks Meadow Special School", S.SCHOOL, 12),
    ("Delamere Woods Academy", S.SCHOOL, 8),
    ("Mid Weaver Sixth Form College", S.SCHOOL, 16),
    ("Chester Rows College", S.SCHOOL, 14),
    ("Little Acorns Day Nursery, Hoole", S.EARLY_YEARS, 10),
    ("Canalside Nursery, Ellesmere Port", S.EARLY_YEARS, 10),
    ("Bluebell Wood Pre-school", S.EARLY_YEARS, 8),
    ("Salt Town Nursery, Northwich", S.EARLY_YEARS, 8),
    ("Stepping Stones Childminders", S.EARLY_YEARS, 8),
    ("Over Hall Children's Centre", S.EARLY_YEARS, 12),
    ("Parkgate Playgroup", S.EARLY_YEARS, 6),
    ("Little Otters Nursery, Winsford", S.EARLY_YEARS, 8),
    ("Blossom Trees Nursery, Blacon", S.EARLY_YEARS, 8),
    ("Open Door Refuge", S.VOLUNTARY, 12),
    ("Chester Youth Federation", S.VOLUNTARY, 12),
    ("Ellesmere Port Family Action", S.VOLUNTARY, 12),
    ("Northwich Young Carers", S.VOLUNTARY, 8),
    ("Safe Harbour Counselling", S.VOLUNTARY, 8),
    ("Cheshire Sports Coaches Network", S.VOLUNTARY, 6),
    ("Churches Together Safeguarding Group", S.VOLUNTARY, 8),
    ("Home Visiting Volunteers Cheshire", S.VOLUNTARY, 8),
    ("Red Sandstone Fostering", S.PRIVATE, 12),
    ("Beechwood Children's Homes", S.PRIVATE, 14),
    ("Kingsway Residential Care", S.PRIVATE, 10),
    ("Cheshire Plain Supported Lodgings", S.PRIVATE, 6),
    ("Flintshire Family Support", S.OUT_OF_AREA, 4),
    ("Wirral Youth Justice", S.OUT_OF_AREA, 4),
    ("Halton Fostering Team", S.OUT_OF_AREA, 4),
)
"""Agency, sector, and about how many of its people took part."""

JOBS = {
    S.STATUTORY_PARTNER: ("Social worker", "Family support worker", "Police constable", "Early help worker",
                          "Team manager", "Case worker", "Personal adviser"),
    S.SCHOOL: ("Teacher", "Designated safeguarding lead", "Teaching assistant", "Pastoral lead", "Head of year",
               "SENCO", "Learning mentor", "Deputy head teacher"),
    S.EARLY_YEARS: ("Nursery manager", "Early years practitioner", "Room leader", "Childminder", "Nursery nurse"),
    S.HEALTH: ("Health visitor", "School nurse", "Midwife", "Practice nurse", "Staff nurse", "Mental health nurse",
               "Community nursery nurse"),
    S.VOLUNTARY: ("Support worker", "Youth worker", "Project co-ordinator", "Counsellor", "Volunteer lead"),
    S.PRIVATE: ("Residential care worker", "Registered manager", "Foster carer", "Supervising social worker"),
    S.OUT_OF_AREA: ("Social worker", "Family support worker", "Case manager"),
}  # fmt: skip

VENUES: tuple[tuple[str, str], ...] = (
    ("Wyvern Lodge, Winsford", "The Drumber, Winsford"),
    ("Castle Hill House, Frodsham", "Fountain Lane, Frodsham"),
    ("Northgate Hall, Chester", "Northgate Street, Chester"),
    ("Canalside Training Centre, Ellesmere Port", "Dock Street, Ellesmere Port"),
    ("Saltworks Centre, Northwich", "Weaver Way, Northwich"),
    ("Blacon Community Hub", "Western Avenue, Chester"),
    ("Neston Civic Rooms", "High Street, Neston"),
    ("Dee Room, Countess Education Centre", "Liverpool Road, Chester"),
)
DIRECTIONS = (
    "The car park is free for the day: give your registration at the desk. The room is on the ground floor, with "
    "step-free access, a hearing loop and an accessible toilet next to it. Tea and coffee from 9am."
)

_FIRST = (
    "Sarah Helen Emma Claire Rachel Joanne Karen Lisa Nicola Rebecca Laura Amanda Michelle Julie Deborah Samantha "
    "Gemma Kelly Louise Victoria Hannah Charlotte Amy Jessica Katie Lucy Sophie Chloe Olivia Megan Bethan Angharad "
    "Siân Rhiannon Carys Nia Ffion Catrin Eleri Lowri Gwen Mair Agnieszka Katarzyna Małgorzata Joanna Magdalena "
    "Zofia Ewa Aisha Fatima Priya Anjali Nasreen Yasmin Grace Blessing Ngozi Adaeze Mei Linh Elena Ioana David "
    "Paul Mark Andrew Stephen Michael Peter James Robert Christopher Simon Matthew Daniel Thomas Adam Ben Jack "
    "Callum Ryan Gareth Rhys Dylan Iwan Huw Owain Llŷr Piotr Tomasz Paweł Krzysztof Marek Imran Tariq Arjun Kwame "
    "Emeka Samuel Joshua Nathan Luke George Harry"
)
_LAST = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Evans Thomas Roberts Walker Wright Robinson Thompson "
    "White Hughes Edwards Green Hall Wood Harris Lewis Clarke Jackson Turner Hill Moore Cooper Ward Morris King "
    "Watson Baker Harrison Morgan Patel Young Allen Mitchell Anderson Phillips Lee Bell Parker Bennett Griffiths "
    "Kelly Price Pritchard Owen Lloyd Rees Bowen Vaughan Gwynne Llewellyn Pugh Parry Humphreys Nowak Wójcik Mazur "
    "Pawlak Zając Wróbel Stępień Szewczyk Okafor Mensah Adeyemi Khan Hussain Ahmed Malik Rahman Gill Dhillon "
    "Sharma Chen Nguyen Popescu Doherty Murphy Gallagher O'Brien Byrne Dutton Massey Leigh Brereton Tarleton "
    "Venables Mainwaring Ashton Birtwistle Ormerod Rigby Fazakerley Whitby Hargreaves Entwistle Cartwright "
    "Sutcliffe Dobson Fletcher Barlow Shaw Holt"
)
FIRST_NAMES, LAST_NAMES = _FIRST.split(), _LAST.split()
