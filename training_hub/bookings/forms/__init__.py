"""The shape of what is sent about bookings."""

from training_hub.bookings.forms.agency import GiveBackForm, GroupForm, ReserveForm
from training_hub.bookings.forms.booking import (
    AnotherManagerForm,
    AnswerForm,
    BookForm,
    ButtonForm,
    DeclineForm,
    InsteadForm,
    ManagerForm,
    NeedsForm,
)
from training_hub.bookings.forms.changing import (
    GiveUpForm,
    LeaveListForm,
    OnBehalfForm,
    SubstituteForm,
    TransferForm,
)
from training_hub.bookings.forms.hub import CallOffForm, EquivalenceForm, PickForm, UndoForm

__all__ = [
    "AnotherManagerForm",
    "AnswerForm",
    "BookForm",
    "ButtonForm",
    "CallOffForm",
    "DeclineForm",
    "EquivalenceForm",
    "GiveBackForm",
    "GiveUpForm",
    "GroupForm",
    "InsteadForm",
    "LeaveListForm",
    "ManagerForm",
    "NeedsForm",
    "OnBehalfForm",
    "PickForm",
    "ReserveForm",
    "SubstituteForm",
    "TransferForm",
    "UndoForm",
]
