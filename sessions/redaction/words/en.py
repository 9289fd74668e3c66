"""What secrets are called, and what is said of them, in English."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="password, passwd, passphrase, pass phrase, passcode, pass word, pswd, psw, pwd, pw, pass, requirepass, storepass,"
    " keypass, masterauth, wifi code, wlan code, access code, gate code, pre shared key, psk, wifi key, wpa key",
    keys="secret key, secret access key, secret key base, client secret, api key, api secret, app secret, application secret,"
    " consumer key, consumer secret, access key, auth key, private key, encryption key, decryption key, signing key, signing secret,"
    " master key, account key, service key, service role key, anon key, admin key, deploy key, shared secret,"
    " subscription key, session secret, webhook secret, jwt secret, cookie secret, app key, fernet key, hmac key,"
    " jwt key, license key, licence key, shared access key, secret value, rediscli auth, x api key",
    tokens="token, access token, auth token, api token, bearer token, refresh token, session token, deploy token, bot token,"
    " personal access token, id token, csrf token, secret, credential, credentials, creds, jwt, session key, security key",
    pins="pin, pin code, pin number, otp, otp code, one time code, one time password, verification code, 2fa code, mfa code,"
    " sms code, unlock code, door code, cvv, cvc",
    codes="recovery code, recovery codes, backup code, backup codes, rescue codes, scratch codes, 2fa codes, 2fa backup codes",
    seeds="otp seed, totp seed, otp secret, totp secret, otp key, totp key, totp, 2fa secret, 2fa secret key, totp secret key, otp secret key, mfa secret key, 2fa seed, 2fa key, mfa secret, mfa seed,"
    " authenticator secret, authenticator key, authenticator seed, setup key, seed phrase, recovery phrase, recovery key,"
    " backup phrase, mnemonic, mnemonic phrase, wallet seed, secret phrase",
    accounts="login, log in, logins, sign in, signin, credential, credentials, creds, account, user, username, admin, test user, logon, logged in, superuser, admin, administrator, guest",
    of="for, of, to, on, at, from, in",
    states="is, was, to, is now, now is, is set to, was set to, set to, was changed to, changed to, was reset to, reset to, was updated to, updated to, has been changed to, has been reset to,"
    " has been set to, will be",
    sorts="temp, temporary, initial, default, wifi, wlan, fi, admin, root, new, old, guest, demo, test, login, master, current, shared, user, ssh, db, database, sudo, vpn, router,"
    " account, app, staging, production, prod, dev",
    function="the, a, an, is, was, are, be, been, of, to, for, with, and, or, not, in, on, at, by, from, as, if, this, that, these, it, its,"
    " your, our, their, his, her, my, you, we, they, can, may, must, should, will, would, cannot, never, always, when, where, how,"
    " via, per, into, than, then, but, so, because, after, before, until, during, all, any, each, every, no, only, same, again, has,"
    " have, had, does, do, did, there, which, who, what, at least, still, now, here, i, instead, also, both, too, up, off, out",
    about="string, str, text, char, varchar, int, integer, number, bool, boolean, bytes, byte, binary, blob, object, array, list, dict, map, float,"
    " any, buffer, uint8array, securestring, guid, date, datetime, timestamp, enum, tuple, func, callable, never, none, null, nil, undefined, void, true, false, yes, no, on, off, empty, blank, default, auto, automatic, required, optional,"
    " mandatory, missing, expired, invalid, valid, wrong, incorrect, changed, reset, set, unset, cleared, rotated, revoked,"
    " encrypted, decrypted, hashed, salted, hash, hashes, plaintext, plain, generated, random, stored, saved, removed, deleted, added,"
    " updated, created, renamed, replaced, fixed, broken, works, working, worked, failed, failing, fails, failure, passed, pending, done,"
    " complete, completed, incomplete, ok, okay, success, successful, successfully, verified, unverified, confirmed, tested, untested,"
    " enabled, disabled, active, inactive, available, unavailable, present, absent, found, known, unknown, configured, unconfigured,"
    " exposed, leaked, compromised, safe, secure, insecure, weak, strong, shared, private, public, internal, external, hidden, masked,"
    " redacted, omitted, placeholder, example, sample, dummy, fake, mock, demo, here, see, same, using, use, uses, used, unused, vault, env,"
    " environment, secret manager, keychain, keyring, field, fields, input, inputs, label, form, column, header, headers, cookie,"
    " cookies, body, query, param, params, parameter, parameters, argument, arguments, option, options, flag, variable, value, values,"
    " name, names, key, keys, type, types, id, ids, user, users, username, login, logout, auth, authentication, authorization, oauth, sso, basic,"
    " bearer, jwt, saml, ldap, kerberos, opaque, session, sessions, access, refresh, server, client, service, api, database, config,"
    " configuration, settings, setting, file, files, path, url, uri, link, page, screen, button, dialog, modal, flow, endpoint, route,"
    " handler, middleware, module, function, method, class, interface, model, schema, validation, validator, validators, validate,"
    " verification, verify, check, checks, checked, strength, policy, policies, length, minimum, maximum, min, max, characters, chars,"
    " letters, digits, symbols, rotation, rotate, expiry, expiration, expires, lifetime, duration, hours, minutes, days, seconds,"
    " weeks, months, week, month, year, recovery, forgot, forgotten, lost, change, changes, update, remove, delete, add, create, generate, fix, test, tests,"
    " testing, review, ask, contact, request, requests, response, send, sent, email, mail, sms, provider, issuer, audience, scope, scopes,"
    " claims, payload, signature, algorithm, bcrypt, argon2, argon2id, scrypt, pbkdf2, hmac, aes, rsa, ecdsa, base64, hex, hexadecimal, uuid, ascii,"
    " unicode, utf, json, yaml, toml, identifier, keyword, keywords, operator, punctuation, literal, comment, whitespace, newline, eof, punc,"
    " delimiter, separator, primary, secondary, tertiary, error, errors, warning, info, critical, high, medium, low, tbd, todo, unclear, manual,"
    " manually, mismatch, match, matches, matched, bug, issue, problem, support, supported, unsupported, allowed, denied,"
    " forbidden, unauthorized, rejected, accepted, ignored, skipped, logged, printed, shown, visible, readable, writable, immutable,"
    " readonly, nullable, unique, indexed, permanent, temporary, unchanged, limited, unlimited, local, remote, global, once, twice,"
    " twitter, github, google, notes, note, description, meaning, usage, details, status, state, purpose, reason, action, owner, role, roles, count, total,"
    " limit, budget, cost, price, size, storage, cache, cached, memory, redis, postgres, count, counts, pagination, cursor, offset, next, previous, current,"
    " long, short, lived, specific, data, item, items, element, node, parser, lexer, syntax, grammar, expression, reset link, autofill,"
    " autocomplete, toggle, visibility, confirmation, confirm, prompt, prompts, managed, manager, rotates, handling, support, backend, frontend,"
    " redirect, callback, webhook, webhooks, hook, encryption, decryption, hashing, signing, security, protection, management, integration, migration,"
    " implementation, implemented, deployed, deployment, rollback, retry, upgrade, downgraded, upgraded, inherited, injected, loaded, passed, returned,"
    " reused, refreshed, regenerated, restored, retrieved, sanitized, stripped, trimmed, truncated, signed, unsigned, issued, granted, cancelled,"
    " locked, unlocked, blocked, resolved, unresolved, investigated, documented, undocumented, deprecated, obsolete, experimental, planned, scheduled,"
    " accepted, needed, unneeded, necessary, ready, ongoing, partial, partially, full, fully, everything, nothing, something, anything, someone, nobody,"
    " hardcoded, hard coded, insert, enter, your, yours, mine, replace, replaceme, changeme, change me, foo, bar, baz, foobar, lambda,"
    " constant, const, static, final, readonly, new, old, other, others, real, actual, original, custom, generic, native, system, admin only,"
    " include, omit, exists, exist, same origin, crypto, mixed, numeric, alphanumeric, alphabetic, case, sensitive, insensitive, minlength, maxlength, regex, pattern, format, encoded, decoded",
    using="with, as",
    conjunctions="and",
    samples="password, passwd, pass, pwd, pw, secret, token, key, undefined, null, none, hidden, [hidden], redacted",
    never="last, kee, ht, ch, mk, 1, by, com, public, without, no, validate, hash, hashed, compare",
    tokens_of="max, min, total, num, n, count, input, output, prompt, completion, cached, design, css, color, colour, spacing, typography, special, stop, eos, bos, pad, unk, mask, unexpected, lexer, syntax, reasoning, semantic, theme, style, per, remaining, used, context, tres, generate, get, is, has, parse, decode, forgot",
    describes="meaning, description, usage, use, value, type, count, counts, example, purpose, default, used, for, css, hex, category, definition, regex, pattern, notes, role, effect",
)  # fmt: skip
