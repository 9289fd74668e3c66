"""What secrets are called, and what is said of them, in Spanish."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="contraseña, contraseñas, clave de acceso, palabra de paso, frase de contraseña",
    keys="clave api, clave de api, clave secreta, clave privada, clave de cifrado, api clave",
    tokens="clave, credenciales, secreto, token de acceso",
    pins="código pin, código de verificación, pin de acceso",
    codes="códigos de recuperación, códigos de respaldo",
    seeds="semilla totp, semilla otp, frase de recuperación, frase semilla",
    accounts="credenciales, acceso, cuenta, cuenta de prueba, usuario, inicio de sesión",
    of="de, del, de la, para, para el, para la, del usuario, al",
    states="es, era, es ahora",
    function="el, la, los, las, un, una, de, del, es, son, era, y, o, no, con, para, en, por, al, se, debe, deben, puede, que, sin, más, ya, su, sus, está, ver, fue, como",
    about="olvidada, olvidado, perdida, cambiada, cambiado, restablecida, restablecer, definida, vencida, vencido, caducada, caducado, expirada, expirado, inválida, inválido, válida,"
    " válido, incorrecta, incorrecto, correcta, correcto, falta, faltante, vacía, vacío, requerida, requerido, obligatoria, obligatorio, opcional, desconocida, guardada,"
    " eliminada, cifrada, encriptada, ver, bóveda, ninguna, ninguno, cadena, texto, número, campo, entrada, funciona, lista, listo, probada, probado, verificada, corregida,"
    " activa, inactiva, desactivada, activada, revocada, bloqueada, pendiente, ejemplo, caracteres, mínimo, confirmar, mostrar, ocultar, valor, sí, nueva, nuevo, igual,"
    " generada, compartida, rotada, rotado, primaria, foránea, segura, débil, fuerte, actualizada, actualizado, valores",
    using="con",
    conjunctions="y",
    samples="contraseña, clave",
    never="palabra",
)  # fmt: skip
