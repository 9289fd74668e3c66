"""What secrets, accounts and the words around them are called, one table per language.

Words are separated by commas and written in lower case. A space in a name also matches a hyphen, an underscore or
nothing. Forms without accents are derived.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. All but `passwords` may be empty.

    passwords     what a password is called
    keys          what other strong secrets are called: keys, client secrets
    tokens        names that mean other things too, so that identifiers and small counts after them are not secrets
    pins          short codes of digits
    codes         lists of recovery codes
    seeds         what one-time codes or a wallet are derived from
    accounts      what precedes a pair "user / password"
    using         what precedes the user of such a pair: "log in *with* …"
    conjunctions  "and", between a user and a password or between codes
    of            what joins a name to its owner: "password *for* the database"
    sorts         what precedes a password that is then given: "temp password `…`"
    states        what joins a name to its value in a sentence: "the password *is* …"
    particles     the same in scripts without spaces
    function      words that occur only in prose
    about         what may be said of a secret in its place: states, types, parts of forms
    samples       passwords in the sample addresses of manuals
    never         what precedes a name that is not a secret's: "LastPass", "*without* password"
    tokens_of     what precedes a token that gives no access, as in language models, parsers and designs
    describes     titles of tables that describe things, such as those of a grammar or of design tokens
    """

    passwords: str
    keys: str = ""
    tokens: str = ""
    pins: str = ""
    codes: str = ""
    seeds: str = ""
    accounts: str = ""
    using: str = ""
    conjunctions: str = ""
    of: str = ""
    sorts: str = ""
    states: str = ""
    particles: str = ""
    function: str = ""
    about: str = ""
    samples: str = ""
    never: str = ""
    tokens_of: str = ""
    describes: str = ""
