"""What secrets are called, and what is said of them, in German."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="passwort, passwörter, kennwort, passwortes, zugangscode, losungswort, wlan schlüssel",
    keys="api schlüssel, geheimschlüssel, geheimer schlüssel, privater schlüssel, zugriffsschlüssel, zugangsschlüssel",
    tokens="zugriffstoken, geheimnis, zugangsdaten",
    pins="geheimzahl, pin nummer",
    codes="wiederherstellungscodes, wiederherstellungscode, ersatzcodes",
    seeds="wiederherstellungsphrase",
    accounts="anmeldung, zugang, zugangsdaten, konto, testkonto, benutzer, testzugang, anmeldedaten",
    of="für, fuer, von, vom, des, der, zum, zur",
    states="ist, war, lautet, ist jetzt",
    sorts="neues, altes, temporäres, initiales",
    function="der, die, das, den, dem, ein, eine, einen, ist, sind, war, und, oder, nicht, mit, für, von, zu, im, in, auf, wird, wurde, werden,"
    " muss, müssen, soll, kann, bei, nach, aus, als, nur, noch, nie, sich, zum, zur, auch, siehe, kein, keine, per, über, am, beim",
    about="vergessen, geändert, ändern, zurückgesetzt, zurücksetzen, gesetzt, abgelaufen, ungültig, gültig, falsch, richtig, fehlt, fehlend, leer,"
    " erforderlich, pflichtfeld, optional, unbekannt, bekannt, gespeichert, gelöscht, entfernt, erneuert, verschlüsselt, gehasht, siehe, im tresor, tresor, keine, keines,"
    " zeichenkette, text, zahl, feld, eingabe, funktioniert, geht, offen, erledigt, fertig, geprüft, getestet, defekt, behoben, aktiv, inaktiv, deaktiviert,"
    " aktiviert, rotiert, widerrufen, gesperrt, ausstehend, notwendig, sicher, unsicher, schwach, stark, platzhalter, beispiel, zeichen, mindestens,"
    " wiederholen, bestätigen, anzeigen, verbergen, eingeben, prüfen, prüfung, neu, alt, gleich, unverändert, ja, nein, wert, verteilt, hinterlegt, angepasst, länge",
    using="mit",
    conjunctions="und",
    samples="passwort",
)  # fmt: skip
