"""Words that say nothing by themselves, in the languages around the Baltic Sea.

For what an explanation quotes, not for scores: what most texts hold weighs nothing there anyway,
but a young market holds too few texts to tell. Function words of three letters and more, after the
lists of the Snowball stemmers (Porter, https://snowballstem.org) where a language has one; for
Estonian, Polish, Latvian and Lithuanian the commonest pronouns, prepositions, conjunctions and
auxiliary verbs. The last part counts and tells the time in all of them. A text may be in another
language than it says, so the lists count for all.
"""

from typing import Final

_WORDS: Final = """
    about above after again against all also although always among and another any are around
    because been before being below between both but can cannot could did does doing down during
    each either else even ever every few find for from further get had has have having her here hers
    herself him himself his how however into its itself just like look looking looks made make many
    may might more most much must myself need needs neither never nor not now off offer offering
    offers often once one only other others our ours ourselves out over own per please same seek
    seeking seeks several shall she should since some such than that the their theirs them
    themselves then there these they this those through thus together too toward towards under until
    upon very via want wants was well were what when where whether which while who whom whose why
    will with within without work working works would yes yet you your yours yourself yourselves

    aber alle allem allen aller alles als ander andere anderem anderen anderer anderes anderm auch
    auf aus bei beide beim biete bieten bietet bin bis bist bitte brauchen braucht dabei dafür damit
    dann das dass dasselbe dazu dein deine dem den denn denselben der derer derselbe des desselben
    dessen dich die dies diese dieselbe diesem diesen dieser dieses dir doch dort durch eine einem
    einen einer eines einig einige einigem einigen einiger einiges einmal etwa etwas euch euer eure
    für gegen gemeinsam gemeinsame gemeinsamen gemeinsamer gern gerne gewesen hab habe haben hat
    hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres indem ins ist
    jede jedem jeden jeder jedes jene jenem jenen jener jenes jetzt kann kein keine keinem keinen
    keiner keines können könnte machen man manche manchem manchen mancher manches mehr mein meine
    meinem meinen meiner meines mich mir mit muss musste möchte möchten nach nicht nichts noch nun
    nur oder ohne sehr sein seine seinem seinen seiner seines selbst sich sie sind solche solchem
    solchen solcher solches soll sollte sondern sonst sowie suche suchen sucht und uns unse unsem
    unsen unser unsere unserem unseren unserer unseres unter viel viele vielen vom von vor war waren
    warst weg weil weiter welche welchem welchen welcher welches wenn werde werden wie wieder wir
    wird wirst wollen wollte während würde würden zum zur zusammen zwar zwischen über

    ega ehk eks enam end ent iga igal ikka ise isegi jooksul juba juures jälle jääb kas keda kelle
    kellele kes kogu koos korda kuhu kui kuid kuidas kuna kuni kus kõige kõik küll lisaks läbi meid
    meie meile mida mille millega milles mina mingi minu mis mitte mitu muu muud mõne mõned mõni nad
    need neid nemad nende nendega nii ning ole oled oleks oleksime olema oleme olen olete oli olid
    olla oma omad omal onu otsib otsime pakub pakume palju peab peale pealt pole poolt praegu saab
    saada saame seda see sees selle sellega selleks sellel selles sellest sest siia siin siis sina
    sinu sisse sõnul tahab tahame teda teid teie teile teise teised teiste tema tuleb vahel vaid
    vajame vastu veel väga välja või ühe ühiselt üks üle

    aby albo ale ani bardzo bez być był była było były bądź będzie będą chcemy choć ciebie czy czyli
    dla dlaczego dlatego dokąd gdy gdyby gdzie ile inna inne innego innej inny innych jak jaka jakie
    jako jego jej jemu jest jestem jesteśmy jeszcze jeśli jeżeli już kiedy kto która które którego
    której który których którym którymi którzy którą lub mają mam mamy mnie mogą moja moje może
    możemy można musi mój nam nami nas nasz nasza nasze naszego naszej naszych nic nich nie niego
    niej nim nimi nią niż oferujemy ona oni ono oraz pod podczas ponieważ potrzebujemy poza przed
    przede przez przy razem sam sama siebie się skąd swoich swoja swoje swojej swój szukamy tak taka
    taki takich takie także tam tego tej ten też tobą toteż tutaj twoja twoje twój tych tylko tym
    tymi wam wami wasz wasza wasze wiele więc wspólne wspólnie wspólny wszystkich wszystkie
    wszystkim wszystko zawsze żeby

    att bara behöver blev bli blir blivit denna deras dess dessa det detta dig din dina ditt efter
    eller erbjuder ett från för gärna hade han hans har hela henne hennes hon honom hos hur här inga
    ingen inget inom inte jag kan kunde kunna med mellan men mig min mitt mot mycket när någon något
    några och också oss redan samma sedan sig sin sitt själv ska skulle som sådan sådana sådant
    söker till tillsammans upp utan vad var vara varför varit varje vars vart vem vid vilka vilkas
    vilken vilket vill vår våra vårt ända över

    alt anden andet andre bare begge ble blitt blive bliver denne deres derfor dette disse dit dog
    endnu etter fordi fra gennem ham havde hende hendes hun hva hvad hvem hver hvert hvilke hvilken
    hvis hvor hvordan hvorfor ikke ikkje ind inden jeg jer jeres kom kun kunne lidt mange meget
    mellem mellom mens mine mod mon måtte ned nej noe noen nogen noget nogle når nær næsten også
    samme sammen selv ses sine sit skal søger søker thi til tilbyder tilbyr uden uten vil ville
    vores våre være været

    ehkä eikä eivät emme enemmän ennen etsimme ette että haluamme heidän heihin heille heillä hän
    hänelle hänen ilman itse joiden joihin joiksi joilla joille joissa joita jokin joku jolla jolle
    jolloin jona jonka jonkin jos jossa josta jota joten jotka jotta kaikki kaikkien kanssa kaukana
    keiden keitä ketkä ketä koko koska kuin kuinka kuitenkin kuka kuten kyllä lisäksi meidän meidät
    meihin meille meillä meitä melko miksi mikä mikään millainen millä minkä minun minut minä missä
    mistä mitkä mitä muita mukaan mutta muut myös niiden niihin niille niillä niin niistä niitä noin
    nuo nyt näiden näihin näissä näitä nämä olemme olet olevat olimme olin olisi olisivat olivat
    olleet ollut onko ovat paljon saa sekä sen siellä siihen siinä siitä sillä silti sinun sinä
    sitten sitä tai tarjoamme tarvitsemme teidän teille teillä teitä toinen tuo tähän tämä tämän
    tässä tästä tätä vaan vai vaikka vain varten vasta vielä voi voidaan voimme yhdessä yksi yli

    apie arba bet buvo būti būtų dar drauge dvi dėl gali galime ieškome iki iškart jam jau jei jeigu
    jie jiems jis jog juos kad kai kaip kartu kiek kita kiti kitų kur kuri kurie kurio kurios kuris
    kuriuos kurią labai mano mes mums mūsų nei nes norime nors pagal pat prie prieš sau savo siūlome
    taip tarp tas tačiau tie tik todėl tokie toks turi turime visa visi visos visų yra šia šie šio
    šios šis šiuo

    aiz arī bija būs būt caur citi cits citu esam esmu gan gar ikviens jeb jūs kam katra katrs kopā
    kopīgi kura kuras kuru kurš kāda kādi kāds kļūt lai līdz meklējam mēs mūsu nav nevar par pie
    piedāvājam pirms pret priekš pār pēc savas savi savs savu sev starp tad taču tiek tika tikai
    tomēr tur turpat tādi vairāk varam viena viens viņa viņi viņu vēl vēlamies zem ļoti šai šajā šos

    без был была были было быть вам вами вас ваш ваша ваше ваши весь вид вместе вот все всего всей
    всем всеми всех всё где даже для его ему если есть еще ещё или ими иногда ищем как какая какие
    каких какой когда которая которого которой которую которые который которым которыми которых кто
    куда лишь между меня мне много можем может мой моя над нам нами нас наш наша наше нашего нашей
    наши нашим наших него нее ней нельзя нет неё них ничего нужно один одна однако она они оно очень
    перед под после потом потому почти предлагаем при про раз разве сам сами самый своего своей свои
    своих свой своя себе себя сейчас совсем так такая также такие таких такой там тебе тебя тем
    теперь тогда того тоже той только том тот тут уже хорошо хотим хоть чего чей чем через что чтобы
    чуть эта эти этим этих это этого этой этом этот эту

    aasta aastat acht astoņi aštuoni czterech cztery dag dagar dage dagen day days desmit deviņi
    devyni dešimt diena dienas dienos dienu dienų divas divi dni drei dwa dwie dwóch dziesięć
    dziewięć dzień eight eleven elf elleve elva fem fire five four fyra fünf gada gadi gads gadu
    hundert hundra hundred hundrede jahr jahre jahren kahdeksan kahden kahe kaheksa kaks kaksi
    keturi kolm kolme kolmen kuud kuue kuukausi kuukautta kuus kuusi kymmenen kümme lat lata metai
    metus metų miesiąc miesiące miesięcy monat monate monaten month months månad månaden månader
    måned måneden måneder mēnesis mēneša mēneši mēnešu mėnesius mėnesių mėnesį mėnuo nedēļa nedēļas
    nedēļu neli nelja neljä neljän neun nine nio nädal nädala nädalat osiem otte penki piecas pieci
    pięciu pięć päev päeva päivä päivän päivää rok roku sada sata savaitė savaitės savaičių sechs
    seitse seitsemän seks septiņi septyni seven sex seši sieben siedem simts six sju sto syv sześć
    tag tage tagen tausend thousand three tio tolv tre trijų tris trys trzech trzy trīs tuhat tusen
    två twelve two tydzień tygodni tygodnie tysiąc uge ugen uger vecka veckan veckor vienas vier
    viiden viie viikko viikkoa viikon viis viisi vuoden vuosi vuotta week weeks woche wochen year
    years yhdeksän zehn zwei zwölf åren årene året åtta åtte üheksa četras četri šeši šimtas восемь
    год года два две двух девять день десять дней дня лет месяц месяца месяцев недели недель неделя
    пять семь сто трех три трёх тысяча четыре четырёх шесть
"""

STOPWORDS: Final = frozenset(_WORDS.split())


def is_telling(word: str) -> bool:
    """Return whether a word may say something by itself."""
    return word.casefold() not in STOPWORDS
