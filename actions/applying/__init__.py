"""The conversations of applications: writing one, following it, taking it back, and what is kept of the firm.

    starting.py      action_application_start: which programme, and where an unfinished application goes on
    interview.py     the interview that asks for everything, shows it, and sends it after an explicit yes
    progress.py      what the slot ``application`` remembers: which application and which step, nothing that was told
    asking.py        its questions                    hearing.py   how short answers and commands are read
    telling.py       its endings                      documents.py files that are sent while it runs
    following.py     action_application_status        withdrawing.py  action_application_withdraw
    firm.py          action_firm                      paper.py     the PDF of what was sent

Everything a firm tells goes straight into ``actions/cases``, where it is sealed. The slot holds ids and step names
only, replies that show what was told are marked ``sealed``, and while such an interview asks, the person's words are
kept in no record of the conversation (``Interview.private``, ``bot/tracker_store.py``, ``bot/assistant.py``).
"""
