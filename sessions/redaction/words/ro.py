"""What secrets are called, and what is said of them, in Romanian."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="parolă, parola, parole, parola de acces",
    keys="cheie api, cheia api, cheie secretă, cheia secretă, cheie privată, cheia privată",
    tokens="jetonul, tokenul, secretul, credențiale",
    pins="cod pin, codul pin",
    codes="coduri de recuperare, coduri de rezervă",
    seeds="fraza de recuperare",
    accounts="credențiale, autentificare, cont, cont de test, utilizator, date de acces",
    of="de, pentru, la, de la, a, al",
    states="este, era, e, este acum",
    function="un, o, de, la, este, sunt, era, și, sau, nu, cu, pentru, în, pe, din, trebuie, poate, care, fără, a, al, ale, se, fi, vezi, prin",
    about="uitată, pierdută, schimbată, resetată, setată, expirată, expirat, invalidă, invalid, validă, greșită, greșit, corectă, lipsește, lipsă, goală, obligatorie, obligatoriu,"
    " opțională, opțional, necunoscută, salvată, ștearsă, criptată, vezi, seif, niciuna, text, număr, câmp, funcționează, gata, testată, verificată, reparată, activă, inactivă,"
    " dezactivată, activată, revocată, blocată, exemplu, caractere, minim, confirmă, arată, ascunde, valoare, da, nouă, generată, actualizată",
    using="cu",
    conjunctions="și",
)  # fmt: skip
