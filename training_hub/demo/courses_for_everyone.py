"""The courses that most people take, whatever their work with children."""

from training_hub.catalogue.models import Level
from training_hub.demo.wording import CourseText

FOR_EVERYONE = (
    CourseText(
        key="basic-awareness",
        title="Level 2 Basic Awareness in Safeguarding Children",
        board="children",
        level=Level.AWARENESS,
        length="Half a day",
        hours=3,
        validity_months=36,
        summary="The signs of abuse and neglect, what to do when you are worried, and who will help you.",
        aims="This course gives everyone who meets children at work the same footing. You look at what abuse and "
        "neglect are, how they show in a child's behaviour, body and words, and what stops adults from acting on "
        "what they see. You practise writing down a concern and passing it on the same day.",
        outcomes=(
            "Name the four categories of abuse and give signs of each.",
            "Listen to a child who tells you something, without leading and without promising secrecy.",
            "Record what you saw and heard in words that someone else can use.",
            "Pass a concern to the safeguarding lead of your agency, and to i-ART when there is none at hand.",
        ),
        audience="Anyone in regular contact with children, young people or their parents: teaching assistants, "
        "nursery staff, receptionists, sports coaches, volunteers, housing and leisure staff. You need no earlier "
        "safeguarding training.",
    ),
    CourseText(
        key="working-together",
        title="Working Together to Safeguard Children One Day",
        board="children",
        level=Level.CORE,
        length="One day",
        hours=7,
        validity_months=36,
        summary="How agencies in Cheshire West and Chester protect children together, from a first worry to a plan.",
        aims="The partnership's core day. In a mixed group of agencies you follow one family from the first worry, "
        "through early help and a strategy meeting, to a child protection conference and the core group. You see "
        "what each agency knows that the others do not, and what happens to a child when nobody joins it up.",
        outcomes=(
            "Explain your duties under Working Together and the Children Acts of 1989 and 2004.",
            "Use the continuum of need to decide between universal help, early help and a referral.",
            "Make a referral that says what you are worried about, what is going well and what needs to happen.",
            "Share information lawfully, and record why you shared it or did not.",
            "Take your part in a conference and a core group, and challenge a decision through the escalation policy.",
        ),
        audience="Everyone who works directly with children, young people or their parents and may have to refer or "
        "take part in a plan: teachers and pastoral staff, health visitors, school nurses, midwives, police "
        "officers, social workers, family support and youth workers, designated leads. Take basic awareness first.",
    ),
    CourseText(
        key="working-together-refresher",
        title="Working Together to Safeguard Children Refresher",
        board="children",
        level=Level.REFRESHER,
        length="Half a day",
        hours=3,
        validity_months=36,
        summary="What has changed since you took Working Together: law, local thresholds, lessons from reviews.",
        aims="A short session for people who know the ground and want to check it. You bring a case that has stayed "
        "with you; the group tests it against what has changed in law, in local procedures and in what reviews have "
        "taught us in the last three years.",
        outcomes=(
            "Say what has changed in national guidance and in local procedures since you last trained.",
            "Apply the present continuum of need to cases from your own work.",
            "Name three lessons from recent local and national reviews and what they mean for your team.",
            "Use the escalation policy when you disagree with another agency's decision.",
        ),
        audience="People who took Working Together One Day more than two years ago. Designated safeguarding leads "
        "refresh every two years, everyone else every three.",
    ),
    CourseText(
        key="case-reviews",
        title="Learning from Local Case Reviews",
        board="children",
        level=Level.CORE,
        length="Half a day",
        hours=3,
        validity_months=None,
        summary="What happened to real children here, what agencies saw and missed, and what has changed since.",
        aims="The partnership reviews cases in which a child was seriously harmed, so that all agencies can learn "
        "from them. This session takes two local reviews, told from the child's side, and asks what it was like to "
        "be the person who knew one part. It does not look for blame.",
        outcomes=(
            "Describe the findings of two recent local reviews and the practice that they changed.",
            "Recognise the patterns that return in reviews: unseen fathers, missed appointments, adult-led stories.",
            "Explain how to keep the child's daily life in view in your records and meetings.",
            "Take one finding back to your team, with a question to discuss.",
        ),
        audience="Practitioners and managers from all agencies who have taken Working Together. Teams are welcome to "
        "come together. Some of what you hear is distressing; trainers are there to talk to at the breaks.",
    ),
    CourseText(
        key="smart-planning",
        title="Child Protection, Children in Care and SMART Planning Workshop",
        board="children",
        level=Level.SPECIALIST,
        length="One day",
        hours=7,
        validity_months=None,
        summary="Write plans that a child, a parent and a busy colleague can all follow, and can all check.",
        aims="A plan protects a child only when everybody knows what has to change, by when, and how anyone would "
        "notice. In this workshop you take plans apart, for children on child protection plans and for children in "
        "care, and write them again: specific, measured, agreed, realistic and timed.",
        outcomes=(
            "Turn a worry into an outcome that a child would recognise.",
            "Write actions that name one person, one date and one sign of change.",
            "Prepare a contingency that says what happens if nothing changes.",
            "Review progress in a core group without letting a plan drift.",
        ),
        audience="Social workers, independent reviewing officers, conference chairs, and core group members from "
        "schools, health, early help and probation. Working Together One Day comes first.",
    ),
    CourseText(
        key="allegations",
        title="Managing Allegations Against Adults (LADO)",
        board="children",
        level=Level.SPECIALIST,
        length="Half a day",
        hours=3,
        validity_months=36,
        summary="What to do in the first hour when someone who works with children may have harmed one.",
        aims="Led by the Local Authority Designated Officer. You work through allegations as they really arrive: "
        "a parent at the gate, a message on a phone, a remark at a supervision. You learn what reaches the "
        "threshold, what must not be done before advice is taken, and how to look after everyone concerned.",
        outcomes=(
            "Apply the harm threshold, and tell an allegation from a low-level concern.",
            "Report to the LADO within one working day, and say what must be kept as it is until then.",
            "Prepare for and take part in an allegations meeting.",
            "Support the child, the adult and the team while an allegation is looked into.",
            "Record the outcome so that later references are truthful.",
        ),
        audience="Head teachers, nursery managers, chairs of governors, human resources advisers, designated leads, "
        "and managers in voluntary and faith groups: the person who would get the telephone call.",
    ),
)
