"""What secrets are called, and what is said of them, in Italian."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="parola d'ordine, parola d'accesso, codice di accesso",
    keys="chiave api, chiave segreta, chiave privata, chiave di cifratura, chiave di accesso",
    tokens="parola, segreto, credenziali",
    pins="codice pin, codice di verifica",
    codes="codici di recupero, codici di backup",
    seeds="seme totp, frase di recupero",
    accounts="credenziali, accesso, utente, utente di prova, accesso di prova",
    of="di, del, della, per, per il, per la, dell'",
    states="è, era, è ora",
    function="il, lo, la, i, gli, le, un, una, di, del, della, è, sono, era, e, o, non, con, per, in, su, da, deve, devono, può, che, senza, già, si, stata, vedi, nel, nella, al",
    about="dimenticata, persa, cambiata, reimpostata, impostata, scaduta, scaduto, non valida, valida, valido, errata, errato, corretta, mancante, vuota, richiesta, richiesto, obbligatoria,"
    " obbligatorio, opzionale, facoltativa, sconosciuta, salvata, eliminata, cifrata, vedi, nessuna, stringa, testo, numero, campo, funziona, pronta, testata, verificata, corretta,"
    " attiva, inattiva, disattivata, attivata, revocata, bloccata, esempio, caratteri, minimo, conferma, mostra, nascondi, valore, sì, nuova, uguale, generata, condivisa, ruotata,"
    " aggiornata, rimossa, debole, forte, chiave",
    using="con",
    conjunctions="e",
)  # fmt: skip
