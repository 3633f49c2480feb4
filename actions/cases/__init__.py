"""The record of what is done for a firm: its profile, its applications to support programmes, and their delivery.

Nothing of Rasa and nothing of the web: chat, HTTP, command line and a staff console use the same few entry points.

    from actions.cases import Cases, status_text

    cases = Cases(settings().database)
    cases.agree(conversation_id, "ko")                                # only after a yes to case_consent_profile
    application = cases.start(conversation_id, "programme.export-voucher", "ko")
    for lacking in cases.missing(application.id):                      # required first; then what may be skipped
        lacking.field.text("ko").question                              # or lacking.document, for a file
        cases.answer(application.id, lacking.key, "상호는 나루식품이에요")  # -> "나루식품", or Mistake.message("ko")
    cases.attach(application.id, "business_registration", file_id)     # or WrongDocument.message("ko")
    review = cases.review(application.id, "ko")                        # show review.text, keep review.digest
    sent = cases.submit(application.id, review.digest)                 # -> sent.number, N-7F3K-2QXM
    status_text(cases, sent, "ko")
    cases.find("n-7f3k-2qxm"), cases.of(conversation_id), cases.withdraw(sent.id)

``outbox.deliver_due()`` is the worker that hands over; call it every half minute, in any number of processes.
``forgetting.erase(conversation_id)`` belongs to the erasure of a conversation, ``forgetting.purge()`` to every day.
What a firm tells is sealed (``sealing.py``); a receipt number alone shows nothing but state and programme, and
whoever shows more compares ``application.conversation_id`` first.
"""

from actions.cases.applications import Cases
from actions.cases.documents import WrongDocument
from actions.cases.forms import NoForm, form_of, programmes_with_form
from actions.cases.mistakes import Mistake
from actions.cases.profile import KEEP_PROFILE, NoConsent
from actions.cases.receipt import WrongReceiptNumber, number_in
from actions.cases.review import Review
from actions.cases.standing import (
    Application,
    Incomplete,
    Missing,
    NotEditable,
    NotWhatWasConfirmed,
    UnknownApplication,
)
from actions.cases.states import IllegalTransition, State
from actions.cases.telling import status_text

__all__ = [
    "KEEP_PROFILE",
    "Application",
    "Cases",
    "IllegalTransition",
    "Incomplete",
    "Missing",
    "Mistake",
    "NoConsent",
    "NoForm",
    "NotEditable",
    "NotWhatWasConfirmed",
    "Review",
    "State",
    "UnknownApplication",
    "WrongDocument",
    "WrongReceiptNumber",
    "form_of",
    "number_in",
    "programmes_with_form",
    "status_text",
]
