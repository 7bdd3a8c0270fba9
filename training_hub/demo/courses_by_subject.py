"""The courses on one kind of harm, for people who meet it in their work."""

from training_hub.catalogue.models import Level
from training_hub.demo.wording import CourseText

BY_SUBJECT = (
    CourseText(
        key="child-exploitation",
        title="Level 2 Child Exploitation: Basic Awareness",
        board="community-safety",
        level=Level.AWARENESS,
        length="Half a day",
        hours=3,
        validity_months=36,
        summary="How children are drawn into sexual and criminal exploitation, and what you can notice early.",
        aims="Exploited children seldom ask for help, and often look as if they chose what is happening. You look at "
        "how grooming works, online and on the street, at county lines and debt, and at the language that has let "
        "children down. You learn what to notice, and where even a small piece of information should go.",
        outcomes=(
            "Describe how grooming, debt and threats hold a child, and why they may not see it themselves.",
            "Recognise signs of sexual and criminal exploitation, in boys as well as girls.",
            "Use the screening tool, and refer to the contextual safeguarding panel.",
            "Pass intelligence to the police through the right form, without a name where you have none.",
        ),
        audience="Anyone who works with young people from the age of ten: school and college staff, youth workers, "
        "residential and foster carers, health staff, taxi licensing, housing and neighbourhood teams.",
    ),
    CourseText(
        key="neglect",
        title="Managing Child Neglect",
        board="children",
        level=Level.CORE,
        length="One day",
        hours=7,
        validity_months=36,
        summary="See neglect while there is still time: what it does, how to measure it, how to act before crisis.",
        aims="Neglect is the most common reason for a child protection plan and the easiest to get used to. The day "
        "looks at what neglect does to a child's growing brain and sense of self, and at how workers come to expect "
        "less for some children. You use the Graded Care Profile on a real, anonymised family.",
        outcomes=(
            "Explain how neglect affects children from before birth to adolescence.",
            "Use the Graded Care Profile with a family, and talk about its scores without shaming anyone.",
            "Keep a chronology that shows a pattern rather than a list of events.",
            "Recognise drift, and say when enough has been tried.",
        ),
        audience="Health visitors, school nurses, family support workers, social workers, teachers and pastoral "
        "staff, housing officers, and anyone who visits families at home.",
    ),
    CourseText(
        key="domestic-violence",
        title="Responding to Domestic Violence and Abuse Awareness",
        board="domestic-abuse",
        level=Level.AWARENESS,
        length="One day",
        hours=7,
        validity_months=36,
        summary="Understand coercive control, ask the question safely, and know what help there is tonight.",
        aims="You look at what domestic abuse is beyond violence: control of money, friends, sleep and children. You "
        "hear from a survivor, in person or on film. Then you practise: how to ask, what to say next, how to "
        "complete a risk checklist with someone who is afraid, and what not to do.",
        outcomes=(
            "Explain coercive and controlling behaviour, and why leaving is the most dangerous time.",
            "Ask about abuse when it is safe to, and respond to what you hear.",
            "Complete the DASH risk checklist, and refer to MARAC where the risk is high.",
            "Describe the local services for adults, children and people who use abuse.",
        ),
        audience="Front-line staff of every agency: health, housing, schools, police, social care, probation, jobs "
        "and benefits advice, voluntary groups.",
    ),
    CourseText(
        key="domestic-violence-refresher",
        title="Responding to Domestic Violence and Abuse Awareness (Refresher)",
        board="domestic-abuse",
        level=Level.REFRESHER,
        length="Half a day",
        hours=3,
        validity_months=36,
        summary="Bring your knowledge of law, risk and local services up to date, with cases of your own.",
        aims="For people who took the awareness day some time ago. You go through what has changed in law and in "
        "local services, compare how you each use the risk checklist, and work on cases that you bring.",
        outcomes=(
            "Say what has changed in law, in MARAC and in local services.",
            "Use professional judgement as well as the score of the DASH checklist.",
            "Plan for safety with someone who is not ready to leave.",
        ),
        audience="People who took the awareness day more than two years ago and use it in their work.",
    ),
    CourseText(
        key="domestic-abuse-children",
        title="Safeguarding Children from Domestic Abuse",
        board="domestic-abuse",
        level=Level.CORE,
        length="One day",
        hours=7,
        validity_months=36,
        summary="What children live through when there is abuse at home, and how to work with each parent.",
        aims="Children are not witnesses of domestic abuse; they live in it. The day looks at abuse from where the "
        "child needs, from pregnancy to the teenage years and after a separation. You practise talking with "
        "children, with the parent who is harmed and with the parent who harms.",
        outcomes=(
            "Describe how domestic abuse affects children at different ages, and what protects them.",
            "Talk with a child about home in a way that makes nothing less safe.",
            "Work with the harmed parent as an ally, and keep the one who harms in view.",
            "Respond to an Operation Encompass notice on the same school day.",
            "Recognise abuse between young people, and from children to parents.",
        ),
        audience="Social workers, school safeguarding leads, health visitors, midwives, children's centre staff, "
        "police, and workers in domestic abuse services. Take the awareness day first.",
    ),
    CourseText(
        key="harmful-sexual-behaviour",
        title="Sexual Abuse and Harmful Sexual Behaviour in Children and Young People",
        board="children",
        level=Level.SPECIALIST,
        length="One day",
        hours=7,
        validity_months=36,
        summary="Tell what is healthy from what is harmful, and respond to children who harm as children first.",
        aims="About a third of child sexual abuse is committed by other children. You look at what is expected at "
        "which age, at what lies behind behaviour that is not, at peer-on-peer abuse in schools and online, and at "
        "how to keep one child safe without giving up on the other.",
        outcomes=(
            "Place a behaviour on the continuum from healthy to violent, with a tool and not by instinct.",
            "Recognise signs of sexual abuse, and why children often tell years later.",
            "Make a safety plan for a school, a home or a group in which both children stay.",
            "Respond to sharing of images by the guidance, and without frightening a child into silence.",
        ),
        audience="Designated leads, pastoral and residential staff, social workers, CAMHS, youth justice, police "
        "and voluntary services that work with young people.",
    ),
    CourseText(
        key="sexual-assault-services",
        title="Sexual Assault Services in Cheshire West and Chester Workshop",
        board="community-safety",
        level=Level.SPECIALIST,
        length="Half a day",
        hours=3,
        validity_months=None,
        summary="What happens at a sexual assault referral centre, and how to help a child or adult get there.",
        aims="Staff of the sexual assault referral centre and of the independent advisers' service show what happens "
        "from the first call: choices, examination, evidence, aftercare. You leave knowing what to tell someone who "
        "has to decide tonight, and what not to wash, ask or promise.",
        outcomes=(
            "Explain what a referral centre offers to children and to adults, with or without the police.",
            "Keep evidence without questioning the person.",
            "Explain the time limits for a forensic examination.",
            "Refer to an independent adviser for children and for adults.",
        ),
        audience="School nurses and designated leads, sexual health and emergency staff, social workers, police, "
        "college welfare teams and youth workers.",
    ),
    CourseText(
        key="self-harm",
        title="Working with Children Who Self-Harm",
        board="trust",
        level=Level.SPECIALIST,
        length="One day",
        hours=7,
        validity_months=36,
        summary="Understand why young people hurt themselves, and become someone they can talk to about it.",
        aims="Led by CAMHS. The day looks at self-harm as a way of coping rather than a way of getting attention, at "
        "what makes it more and less likely, and at its link with suicide, which is neither simple nor to be waved "
        "away. You practise the first conversation, and agree what you will and will not keep to yourself.",
        outcomes=(
            "Explain what self-harm can do for a young person, and what keeps it going.",
            "Hold a first conversation calmly, and ask directly about suicide.",
            "Make a safety plan with the young person, and involve parents with care.",
            "Know when to refer to CAMHS, and what to do while you wait.",
            "Look after yourself and your team.",
        ),
        audience="School and college pastoral staff, school nurses, youth workers, residential and foster carers, "
        "social workers and GPs' practice staff.",
    ),
)
