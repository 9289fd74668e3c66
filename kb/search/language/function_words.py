"""The function words of the thirteen languages that logs are read in, as data: a query is not about them.

Left out on purpose are words that say what happened or in what state a thing is: "not", "no", "without", "off", "up",
"down", "out", "too", "only", and the same in the other languages.
"""

from __future__ import annotations

from dataclasses import dataclass

from sessions.parsing.vocabulary import fold


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """The articles, pronouns, prepositions, auxiliaries, conjunctions and question words of a language.

    words      never name anything in a log
    doubtful   name something as well, here or in another language ("comment", "die", "a"): function words only in a
               query that also has one of `words` that tells the language
    elided     what stands before an apostrophe ("l'erreur")
    clitics    what stands after one ("what's")
    inside     of scripts without spaces, and of endings: function words wherever they stand in a word
    particles  single characters that are function words unless a neighbour makes them part of a word
    """

    words: str = ""
    doubtful: str = ""
    elided: str = ""
    clitics: str = ""
    inside: str = ""
    particles: str = ""


LANGUAGES: dict[str, FunctionWords] = {
    "en": FunctionWords(
        words="""
            the an these those that how why what when whom whose whether
            is are was were be been being do does did have has had having can could should would shall must might will
            it its itself he she they them him her his their theirs we our ours you your yours my me myself ourselves
            yourself themselves someone somebody something anyone anybody anything there here
            to of in from with by at for into onto within about via through during against than
            and or but because although though if while as please
        """,
        doubtful="""
            a i am any us may this who which where on like so some then after before since until between
        """,
        clitics="s re ve ll d m",
    ),
    "fr": FunctionWords(
        words="""
            le la les un une au ce cet cette ces ma mes ta tes notre nos votre vos leur leurs cela ceci
            celui celle ceux je tu il elle nous vous ils elles me te se lui eux qui que quoi quel quelle quels quelles
            lequel laquelle lesquels où pourquoi quand combien est sont était étaient suis sommes êtes être sera seront
            serait avons avez ont avait avaient avoir peut peuvent pouvoir peux doit doivent dois devrait veut de dans
            par pour sur avec vers chez entre depuis pendant et ou mais donc si comme lorsque puisque parce ne ici
            est-ce qu'est-ce y-a-t-il a-t-il a-t-on peut-on faut-il doit-on dois-je puis-je
        """,
        doubtful="a ai des aux mon ca car comment du dont en es eu on sa ses son ton y été après avant contre fait",
        elided="l d j m t s c n qu jusqu lorsqu puisqu quelqu",
    ),
    "de": FunctionWords(
        words="""
            das dem den ein eine einen einem einer eines ich er sie wir ihr ihn ihm ihnen mich dich sich uns
            euch mein meine meinen meinem meiner dein deine sein seine seinen seinem seiner ihre ihren ihrem ihrer
            unser unsere unseren unserem dieser diese dieses diesen diesem jener welche welcher welches welchen welchem
            wie warum wieso weshalb wo woher wohin wann was wer wen wem wessen ist sind waren wird werden wurde wurden
            worden bist seid haben habe hatte hatten kann können konnte könnte muss müssen musste soll sollen sollte
            will wollen würde würden dürfen darf von vom zu zum zur bei beim nach für über durch gegen um als wenn weil
            dass ob und oder aber im ins ans hier dort wobei damit
        """,
        doubtful="der des die man bin hat war mit aus auf es du am so da denn dann in an",
    ),
    "es": FunctionWords(
        words="""
            el la los las un una unos unas al yo tú él ella ello nosotros vosotros ellos ellas me te se nos le les mi
            mis tus sus nuestro nuestra vuestro este esta estos estas ese esa esos esas eso esto aquel aquella qué quién
            quienes cuál cuáles cómo cuándo cuánto dónde adónde por porque para con de desde hasta entre sobre hacia
            según soy eres somos era eran fue fueron ser siendo sido están estaba estaban estar hemos había haber
            hay puede pueden poder puedo podría debe deben debería pero si
        """,
        doubtful="a e o u y lo del en es ha han has he os son su contra durante tras antes después",
    ),
    "pt": FunctionWords(
        words="""
            um uma uns umas ao aos da das numa pelo pela pelos pelas de por para entre sobre desde tu ele ela eles elas
            me te se lhe lhes meu minha meus minhas teu tua seu sua seus suas nosso nossa dele dela deles delas este
            esta estes estas esse essa esses essas isso isto aquele aquela aquilo que quem qual quais como quando onde
            quanto porque porquê são foi foram era eram ser sendo sido está estão estava estavam estar tem têm tinha
            haver pode podem posso podia deve devem deveria ou mas
        """,
        doubtful="a o e as os do dos na nas nos num em com eu é há à até contra depois antes",
    ),
    "it": FunctionWords(
        words="""
            il la gli le un uno una da con tra fra dello della dei degli delle al allo alla agli alle dal dallo dalla
            dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle io tu lui lei noi voi
            loro mi si ne mio mia miei mie tuo tua suo sua suoi nostro nostra questo questa questi queste quello quella
            quelli quelle ciò che chi cosa quando quanto dove perché quale quali sono era erano essere stata stati sarà
            hai abbiamo avete hanno aveva avere può possono posso deve devono dovrebbe ma se anche poiché mentre
        """,
        doubtful="a lo ai ci come del di e è ha ho i in o per stato su sue ti vi dopo prima",
        elided="l un dell nell all dall sull coll quest quell c d com dov cos quand",
    ),
    "nl": FunctionWords(
        words="""
            de het een ik jij je hij zij ze wij we jullie mij me jou hem haar ons hun zich mijn jouw zijn onze deze wie
            wat waar waarom wanneer hoe welk welke hoeveel is was waren wordt worden werd werden geworden heeft
            hebben heb had kan kunnen kon konden moet moeten moest zal zullen zou zouden mag mogen wil willen van voor
            te ter bij naar om tegen tot tussen tijdens maar omdat als dus er hier daar
        """,
        doubtful="aan ben bent dan dat die dit door en in met na of op ten u want",
    ),
    "ro": FunctionWords(
        words="""
            un unei unui niște cel cea cei cele el ea noi voi ele mă te se ne vă îl îi le lui lor mi meu mea tău acest
            această acești aceste acel acea ce care cine cum când unde câte este sunt era erau fost suntem sunteți au
            avem aveți avea poate trebuie de la din în cu pentru prin către spre despre dintre între și sau dacă
            deoarece întrucât al ale s-a s-au într-un într-o dintr-un dintr-o mi-a i-a l-a le-a ne-a v-a m-a
        """,
        doubtful="a ai am ca că cât dar e ei eu fi o pe pot sa să ta tu după",
    ),
    "ru": FunctionWords(
        words="""
            я ты он она оно мы вы они меня мне тебя тебе его ему ей её их им нас нам вас вам мой моя моё мои твой наш
            наша наше наши ваш ваша свой своя свои себя этот эта это эти этого этой этих этом тот та то те в во на с со
            к ко у о об от до из за по при для про через между над и а но или что чтобы как почему зачем когда где куда
            откуда кто кого кому чем чего какой какая какое какие сколько который которая которое которые которого
            которой ли же бы если быть был была было были есть будет будут является может могут можно нужно надо
        """,
    ),
    "ar": FunctionWords(
        words="""
            في من على إلى عن مع عند هذا هذه ذلك تلك هو هي هم نحن أنا أنت أنتم التي الذي الذين ماذا لماذا كيف متى أين أي
            كم هل كان كانت يكون تكون أن إن أنه أنها أو و ثم قد لقد إذا لكن حتى بين عندما كما
        """,
        doubtful="ما بعد قبل",
    ),
    "zh": FunctionWords(
        inside="""
            为什么 为何 为啥 什么时候 什么 怎么样 怎么办 怎么 怎样 如何 哪个 哪里 哪些 哪儿 是否 是不是 有没有 能不能
            可不可以 请问 我们 你们 他们 它们 这个 那个 这些 那些 这里 那里 可以 因为 所以 以及 并且 或者 但是 如果
            时候 為什麼 為何 什麼時候 什麼 怎麼 怎樣 哪個 哪裡 請問 我們 這個 那個 這些 因為 時候
        """,
        particles="的了吗嗎呢吧啊呀嘛着是在我你他它这這那和与與把被给給",
    ),
    "ja": FunctionWords(
        inside="""
            なぜ どうして どうやって どうすれば どうしたら どうやったら いつ どこ どの どれ だれ なに でしょうか
            でしょう ですか です でした ますか ます ましたか ました しますか します しました すると する した
            しています していた している して されています されている されました されます される された されて
            なりました なります なった なって なる ある あった いる から まで より ので のに けれど けど ください とき
            こと もの ため ように という といった について に対して によって これ それ あれ この その あの ここ そこ
        """,
        particles="はがをにでとものへかねよや",
    ),
    "ko": FunctionWords(
        words="""
            왜 이 그 저 내 제 나는 저는 우리 너 것 수 때 및 또는 좀 이런 그런 어떤 무슨 누가 누구 언제 어디 할 한 있는
            있다 있나요 이것 그것 저것 이것은 그것은 해야
        """,
        inside="""
            했습니다 합니다 되었습니다 됩니다 입니다 습니다 습니까 인가요 하나요 되나요 나요 까요 어떻게 무엇을 무엇이
            무엇 어디서 어디에 에서 으로 에게 까지 부터 하는 되는 하면 되면 하고 해서 때문에 그리고 그러나 하지만
        """,
    ),
}


def _folded(name: str) -> frozenset[str]:
    return frozenset(fold(word) for language in LANGUAGES.values() for word in getattr(language, name).split())


def _languages(*names: str) -> dict[str, frozenset[str]]:
    """Returns the words of fields, each with the codes of the languages that have it."""
    codes: dict[str, set[str]] = {}
    for code, language in LANGUAGES.items():
        for name in names:
            for word in getattr(language, name).split():
                codes.setdefault(fold(word), set()).add(code)
    return {word: frozenset(found) for word, found in codes.items()}


WORDS = _folded("words")
DOUBTFUL = {word: codes for word, codes in _languages("doubtful").items() if word not in WORDS}
# The words that show which language a query is in: no other has them or, if they are long enough to be no name, not
# English, in which most logs are written.
TELLING = {
    word: codes
    for word, codes in _languages("words", "doubtful").items()
    if word in WORDS and (len(codes) == 1 or (len(word) > 2 and "en" not in codes))
}
ELIDED = _folded("elided")
CLITICS = _folded("clitics")
INSIDE = _folded("inside")
PARTICLES = frozenset(character for language in LANGUAGES.values() for character in language.particles)
