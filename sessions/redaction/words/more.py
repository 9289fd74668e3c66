"""What secrets are called in further languages, of which less is known: a few words each."""

from sessions.redaction.words.language import Words

WORDS: dict[str, Words] = {
    "pl": Words(
        passwords="hasło, hasła, hasłem",
        keys="klucz api, klucz tajny, klucz prywatny, klucz dostępu",
        pins="kod pin",
        codes="kody odzyskiwania, kody zapasowe",
        accounts="konto, konto testowe, użytkownik, logowanie, dane logowania",
        of="do, dla, od, z",
        states="to, jest, brzmi",
        function="i, lub, nie, z, do, na, w, we, jest, są, było, dla, od, po, przez, musi, można, bez, się, już, zob",
        about="zapomniane, zmienione, zresetowane, ustawione, wygasło, nieprawidłowe, prawidłowe, błędne, brak, puste, wymagane, opcjonalne, nieznane, zapisane, usunięte, zaszyfrowane,"
        " tekst, pole, działa, gotowe, tak, przykład, znaków, potwierdź, pokaż, nowe",
    ),
    "cs": Words(
        passwords="heslo, hesla, heslem",
        keys="klíč api, tajný klíč, soukromý klíč",
        accounts="účet, přihlášení, uživatel, přihlašovací údaje",
        of="k, pro, do, od, na",
        states="je, bylo, zní",
        function="a, nebo, ne, s, do, na, v, je, jsou, bylo, pro, od, po, musí, lze, bez, se, už, viz",
        about="zapomenuto, změněno, povinné, volitelné, neplatné, platné, chybí, prázdné, funguje, hotovo, text, pole, vypršelo, nastaveno, uloženo, zašifrováno",
    ),
    "sv": Words(
        passwords="lösenord, lösenordet, lösenfras",
        keys="api nyckel, hemlig nyckel, privat nyckel",
        accounts="konto, inloggning, användare, testkonto",
        of="för, till, av, på",
        states="är, var",
        function="och, eller, inte, med, för, i, på, av, är, var, måste, kan, utan, till, en, ett, se, som",
        about="glömt, ändrat, krävs, valfritt, ogiltigt, giltigt, saknas, tomt, fungerar, klart, text, fält, utgånget, krypterat",
    ),
    "da": Words(passwords="adgangskode, adgangskoden, kodeord, løsen", keys="api nøgle", accounts="konto, bruger", of="til, for", states="er, var", about="glemt, påkrævet, ugyldig, udløbet"),
    "nb": Words(passwords="passord, passordet", keys="api nøkkel", accounts="konto, bruker", of="til, for", states="er, var", about="glemt, påkrevd, ugyldig, utløpt"),
    "fi": Words(passwords="salasana, salasanan", keys="api avain", accounts="tunnus, käyttäjä", states="on, oli", about="unohtunut, pakollinen, virheellinen, vanhentunut"),
    "tr": Words(
        passwords="şifre, şifresi, parolası",
        keys="api anahtarı, gizli anahtar, erişim anahtarı",
        accounts="hesap, kullanıcı, giriş",
        about="unuttum, unutuldu, zorunlu, gerekli, geçersiz, geçerli, değiştirildi, boş, yanlış, metin, isteğe bağlı, sıfırlandı, sıfırlama",
    ),
    "uk": Words(passwords="пароль, пароля", keys="секретний ключ, ключ api", accounts="обліковий запис, користувач, логін", of="від, для, до", about="забутий, обов'язковий, невірний, змінено"),
    "hu": Words(passwords="jelszó, jelszava", keys="api kulcs", accounts="fiók, felhasználó", about="elfelejtett, kötelező, érvénytelen, lejárt"),
    "el": Words(passwords="κωδικός πρόσβασης, συνθηματικό", keys="κλειδί api", about="υποχρεωτικό, λάθος"),
    "hi": Words(passwords="पासवर्ड, कूटशब्द"),
    "vi": Words(passwords="mật khẩu", about="bắt buộc, sai, quên"),
    "id": Words(passwords="kata sandi, kata laluan", about="wajib, salah, lupa"),
    "hr": Words(passwords="lozinka, zaporka", about="obavezna, obavezno, pogrešna"),
    "bg": Words(passwords="парола", about="задължителна, грешна, забравена"),
    "he": Words(passwords="סיסמה, סיסמא"),
    "fa": Words(passwords="رمز عبور, گذرواژه"),
    "th": Words(passwords="รหัสผ่าน"),
}  # fmt: skip
