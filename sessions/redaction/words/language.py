"""What secrets, accounts and the words around them are called, one table a language.

Words are separated by a comma. A space in a name stands for a space, a hyphen, an underscore or nothing. Write in
lower case; forms without accents are derived.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. All but `passwords` may be empty.

    passwords  what a password is called
    keys       what other strong secrets are called: keys, client secrets
    tokens     names that mean other things too, so that identifiers and small counts after them are no secrets
    pins       short codes of digits
    codes      lists of codes for recovery
    seeds      what one-time codes or a wallet are derived from
    accounts   what comes before a pair "user / password"
    of         what joins a name to its owner: "password *for* the database"
    sorts      what stands before a password that is then said: "temp password `…`"
    states     what joins a name to its value in a sentence: "the password *is* …"
    function   words that only prose has
    about      what is said of a secret in its place: states, types, parts of forms
    """

    passwords: str
    keys: str = ""
    tokens: str = ""
    pins: str = ""
    codes: str = ""
    seeds: str = ""
    accounts: str = ""
    of: str = ""
    sorts: str = ""
    states: str = ""
    function: str = ""
    about: str = ""
