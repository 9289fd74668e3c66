"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.templatetags.static import static
from django.urls import path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from kb.views import (
    api,
    api_calls,
    corrections,
    coverage,
    imports,
    issue_actions,
    library,
    masked,
    next_step_actions,
    review,
    rules,
    search,
    staged_logs,
    tokens,
    watched_folders,
)
from kb.views.handover import handover_markdown, handover_page
from kb.views.home import home
from kb.views.issues import issue_list, issue_page
from kb.views.next_steps import next_step_list, next_step_page
from kb.views.preferences import settings_page
from kb.views.relinking import dismiss, relinking_page
from kb.views.sessions import session_list, session_markdown, session_page
from kb.views.sign_in import one_time_sign_in, password_page

urlpatterns = [
    path("", home, name="home"),
    path("search/", search.search, name="search"),
    path("search/pasted/", search.pasted, name="pasted"),
    path("search/values/", search.values, name="filter-values"),
    path("search/save/", search.save, name="save-search"),
    path("search/saved/<int:pk>/", search.open_saved, name="open-saved"),
    path("search/saved/<int:pk>/forget/", search.forget, name="forget-search"),
    path("sessions/", session_list, name="sessions"),
    path("sessions/<int:pk>/", session_page, name="session"),
    path("sessions/<int:pk>/markdown/", session_markdown, name="session-markdown"),
    path("sessions/<int:pk>/correct/", corrections.correct_session, name="correct"),
    path("sessions/<int:pk>/undo/", corrections.undo, name="undo-correction"),
    path("issues/", issue_list, name="issues"),
    path("issues/merge/", issue_actions.merge, name="merge-issues"),
    path("issues/rules/", rules.rule_page, name="rules"),
    path("issues/rules/<int:pk>/undo/", rules.undo_rule, name="undo-rule"),
    path("issues/relinked/<int:pk>/", relinking_page, name="relinking"),
    path("issues/relinked/dismiss/", dismiss, name="dismiss-relinking"),
    path("issues/<int:pk>/", issue_page, name="issue"),
    path("issues/<int:pk>/act/", issue_actions.act, name="act-on-issue"),
    path("issues/<int:pk>/split/", issue_actions.split, name="split-issue"),
    path("decisions/<int:pk>/undo/", issue_actions.undo, name="undo-decision"),
    path("next-steps/", next_step_list, name="next-steps"),
    path("next-steps/act/", next_step_actions.act, name="act-on-next-steps"),
    path("next-steps/undo/", next_step_actions.undo, name="undo-next-step-events"),
    path("next-steps/undo-not-a-step/", next_step_actions.undo_not_a_step, name="undo-not-a-step"),
    path("next-steps/merge/", next_step_actions.merge, name="merge-next-steps"),
    path("next-steps/<int:pk>/", next_step_page, name="next-step"),
    path("next-steps/<int:pk>/split/", next_step_actions.split, name="split-next-step"),
    path("review/", review.review_page, name="review"),
    path("review/answer/", review.answer_doubt, name="answer-doubt"),
    path("review/undo/", review.undo_answers, name="undo-answers"),
    path("handover/", handover_page, name="handover"),
    path("handover.md", handover_markdown, name="handover-markdown"),
    path("import/", imports.import_page, name="imports"),
    path("import/stage/", imports.stage, name="stage"),
    path("import/paste/", imports.stage_paste, name="stage-paste"),
    path("import/folder/", imports.stage_server_folder, name="stage-folder"),
    path("import/watched/", watched_folders.watch_folder, name="watch-folder"),
    path("import/watched/<int:pk>/<slug:action>/", watched_folders.act_on_folder, name="act-on-folder"),
    path("import/staged/<slug:token>/", imports.staged, name="staged"),
    path("import/staged/<slug:token>/import/", imports.start_import, name="start-import"),
    path("import/staged/<slug:token>/choose/", imports.choose_log, name="choose-log"),
    path("import/staged/<slug:token>/discard/", imports.discard, name="discard"),
    path("import/staged/<slug:token>/<int:number>/", staged_logs.staged_records, name="staged-records"),
    path("import/staged/<slug:token>/<int:number>/<int:position>/", staged_logs.staged_records, name="staged-records"),
    path(
        "import/staged/<slug:token>/<int:number>/<int:position>/correct/",
        staged_logs.correct_staged_log,
        name="correct-staged",
    ),
    path(
        "import/staged/<slug:token>/<int:number>/<int:position>/undo/",
        staged_logs.undo_staged_correction,
        name="undo-staged",
    ),
    path("import/secrets/", masked.secret_page, name="secrets"),
    path("import/secrets/<int:pk>/", masked.judge_secret, name="judge-secret"),
    path("import/coverage/", coverage.coverage_page, name="coverage"),
    path("import/coverage/teach/", coverage.teach_heading, name="teach"),
    path("import/coverage/<int:pk>/undo/", coverage.undo_taught, name="undo-taught"),
    path("import/tokens/", tokens.token_page, name="tokens"),
    path("import/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("api/v1/import", api.import_by_token, name="api-import"),
    path("api/v1/search", api.search, name="api-search"),
    path("api/v1/met", api.met_before, name="api-met"),
    re_path("^api(?:/|$)", api_calls.nowhere),
    path("import/<int:pk>/", imports.import_run, name="import"),
    path("import/<int:pk>/undo/", imports.undo_import, name="undo-import"),
    path("import/<int:pk>/act/", imports.act_on_run, name="act-on-import"),
    path("commands/", library.command_page, name="commands"),
    path("files/", library.file_page, name="files"),
    path("learnings/", library.learning_page, name="learnings"),
    path("settings/", settings_page, name="settings"),
    path("settings/password/", password_page, name="password"),
    path("sign-in/", LoginView.as_view(), name="sign-in"),
    path("sign-in/<str:token>/", one_time_sign_in, name="one-time-sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    # Pages without a link to the icon, such as the admin's, make browsers ask for this one.
    path("favicon.ico", login_not_required(RedirectView.as_view(url=lazy(static, str)("icon.svg"))), name="favicon"),
    # One door: the admin's own sign-in page would be a second one.
    path("admin/login/", login_not_required(RedirectView.as_view(pattern_name="sign-in", query_string=True))),
    path("admin/", admin.site.urls),
]

handler400 = api_calls.bad_request
handler500 = api_calls.server_error
