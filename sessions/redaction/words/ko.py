"""What secrets are called, and what is said of them, in Korean."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="비밀번호, 암호, 비번, 패스워드, 비밀 번호",
    keys="비밀키, 비밀 키, api 키, 액세스 키, 인증키, 인증 키, 시크릿 키, 개인키",
    tokens="토큰, 시크릿, 액세스 토큰",
    pins="인증번호, 핀번호, pin 번호, 인증 코드",
    codes="복구 코드, 백업 코드",
    seeds="복구 구문, 시드 구문",
    accounts="계정, 로그인, 테스트 계정, 사용자, 아이디",
    states="는, 은, 가, 이",
    particles="는, 은",
)  # fmt: skip
