"""What secrets are called, and what is said of them, in French."""

from sessions.redaction.words.language import Words

WORDS = Words(
    passwords="mot de passe, mots de passe, mdp, phrase de passe, phrase secrète, code secret",
    keys="clé api, clé d'api, clef api, clé secrète, clef secrète, clé privée, clé d'accès, clé de chiffrement",
    tokens="jeton, jeton d'accès, identifiants",
    pins="code pin, code de vérification, code confidentiel",
    codes="codes de secours, codes de récupération",
    seeds="graine totp, phrase de récupération",
    accounts="identifiants, identifiant, connexion, compte, compte de test, utilisateur",
    of="de, du, de la, des, pour, d', pour le, pour la, de l'",
    states="est, était, est maintenant",
    function="le, la, les, un, une, des, du, de, est, sont, était, et, ou, pas, ne, avec, pour, dans, sur, par, au, aux, en, doit, doivent, peut, être,"
    " a, ont, qui, que, sans, plus, déjà, votre, vos, son, sa, ses, ce, cette, voir, chez, se",
    about="oublié, perdu, changé, modifié, réinitialisé, réinitialisation, défini, expiré, invalide, valide, incorrect, correct, manquant, vide, requis, obligatoire, optionnel,"
    " facultatif, inconnu, connu, stocké, enregistré, supprimé, chiffré, haché, voir, coffre, aucun, chaîne, texte, nombre, champ, saisie, fonctionne,"
    " terminé, testé, vérifié, corrigé, actif, inactif, désactivé, activé, révoqué, bloqué, exemple, caractères, minimum, confirmer, afficher, masquer, valeur, oui, non,"
    " nouveau, ancien, inchangé, généré, partagé, fort, faible, renouvelé, ok, cassé, masqué, identique, saisir",
    using="avec",
    conjunctions="et",
    samples="mot de passe",
)  # fmt: skip
