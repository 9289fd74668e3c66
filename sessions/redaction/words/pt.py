"""What secrets are called, and what is said of them, in Portuguese."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="senha, senhas, palavra passe, palavra chave de acesso, frase secreta",
    keys="chave api, chave de api, chave da api, chave secreta, chave privada, chave de acesso",
    tokens="segredo, credenciais",
    pins="código pin, código de verificação",
    codes="códigos de recuperação, códigos de backup",
    seeds="semente totp, semente otp, frase de recuperação",
    accounts="credenciais, acesso, conta, conta de teste, usuário, utilizador",
    of="de, do, da, dos, das, para, para o, para a, no, na",
    states="é, era, agora é",
    function="o, a, os, as, um, uma, de, do, da, é, são, era, e, ou, não, com, para, em, no, na, por, ao, deve, devem, pode, que, sem, já, se, foi, ver, seu, sua",
    about="esquecida, esqueceu, perdida, alterada, redefinida, redefinir, definida, vencida, expirada, expirado, inválida, inválido, válida, válido, incorreta, incorreto, correta,"
    " falta, faltando, ausente, vazia, obrigatória, obrigatório, opcional, desconhecida, salva, removida, criptografada, ver, cofre, nenhuma, nenhum, texto, número, campo, funciona,"
    " pronta, testada, verificada, corrigida, ativa, inativa, desativada, ativada, revogada, bloqueada, pendente, exemplo, caracteres, mínimo, confirmar, mostrar, ocultar, valor, sim, nova, igual,"
    " gerada, compartilhada, trocada, atualizada, fraca, forte, rotacionada",
    using="com",
    conjunctions="e",
    samples="senha",
)  # fmt: skip
