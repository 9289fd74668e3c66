"""What secrets are called, and what is said of them, in Chinese."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="密码, 口令, 密碼, 登录密码, 通行码",
    keys="密钥, 金鑰, 密鑰, 私钥, 私鑰, 访问密钥",
    tokens="令牌, 权杖, 凭证, 凭据",
    pins="验证码, 驗證碼, pin码",
    codes="恢复码, 备用码, 备份码",
    seeds="助记词",
    accounts="账号, 账户, 帐号, 登录, 帳號, 用户名, 测试账号, 测试账户, 登陆",
    states="是, 为, 為, 改为, 设为, 变为",
    particles="是, 为, 為, 改为, 设为",
)  # fmt: skip
