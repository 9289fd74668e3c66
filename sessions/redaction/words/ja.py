"""What secrets are called, and what is said of them, in Japanese."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="パスワード, パスフレーズ, パスコード, 合言葉",
    keys="秘密鍵, シークレットキー, apiキー, アクセスキー, 暗号化キー, クライアントシークレット",
    tokens="トークン, シークレット, アクセストークン, 認証情報",
    pins="暗証番号, 認証コード, 確認コード, pinコード",
    codes="リカバリーコード, バックアップコード, 回復コード",
    seeds="シードフレーズ, リカバリーフレーズ",
    accounts="アカウント, テストアカウント, ログイン, ユーザー, ログイン情報, 認証情報",
    states="は, が",
    particles="は",
)  # fmt: skip
