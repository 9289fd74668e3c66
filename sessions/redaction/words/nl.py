"""What secrets are called, and what is said of them, in Dutch."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="wachtwoord, wachtwoorden, toegangscode, wachtzin",
    keys="api sleutel, geheime sleutel, privésleutel, toegangssleutel",
    tokens="inloggegevens, toegangstoken",
    pins="pincode",
    codes="herstelcodes, back upcodes",
    seeds="herstelzin",
    accounts="inloggegevens, inlog, aanmelding, gebruiker, testaccount",
    of="voor, van, van de, voor de, voor het",
    states="is, was, is nu, luidt",
    function="de, het, een, is, zijn, was, en, of, niet, met, voor, van, in, op, aan, te, moet, moeten, kan, wordt, werd, door, naar, bij, als, geen, nog, al, zie, uit",
    about="vergeten, verloren, gewijzigd, gereset, ingesteld, verlopen, ongeldig, geldig, onjuist, juist, fout, ontbreekt, leeg, verplicht, vereist, optioneel, onbekend, opgeslagen,"
    " verwijderd, versleuteld, zie, kluis, geen, tekst, getal, veld, invoer, werkt, klaar, getest, gecontroleerd, opgelost, actief, inactief, uitgeschakeld, ingeschakeld, ingetrokken,"
    " geblokkeerd, voorbeeld, tekens, minimaal, bevestigen, tonen, verbergen, waarde, ja, nee, nieuw, oud, hetzelfde, gegenereerd, gedeeld, vernieuwd, zwak, sterk",
    using="met",
    conjunctions="en",
)  # fmt: skip
