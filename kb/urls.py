"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from kb.views import issue_actions, item_actions, rules, search
from kb.views.handover import handover_markdown, handover_page
from kb.views.home import home
from kb.views.issues import issue_list, issue_page
from kb.views.next_steps import item_page, next_step_list
from kb.views.sessions import session_list, session_page
from kb.views.sign_in import one_time_sign_in

urlpatterns = [
    path("", home, name="home"),
    path("search/", search.search, name="search"),
    path("search/pasted/", search.pasted, name="pasted"),
    path("search/values/", search.values, name="filter-values"),
    path("search/save/", search.save, name="save-search"),
    path("search/saved/<int:pk>/forget/", search.forget, name="forget-search"),
    path("sessions/", session_list, name="sessions"),
    path("sessions/<int:pk>/", session_page, name="session"),
    path("issues/", issue_list, name="issues"),
    path("issues/merge/", issue_actions.merge, name="merge"),
    path("issues/rules/", rules.rule_page, name="rules"),
    path("issues/rules/<int:pk>/undo/", rules.undo_rule, name="undo-rule"),
    path("issues/<int:pk>/", issue_page, name="issue"),
    path("issues/<int:pk>/act/", issue_actions.act, name="act"),
    path("issues/<int:pk>/split/", issue_actions.split, name="split"),
    path("decisions/<int:pk>/undo/", issue_actions.undo, name="undo"),
    path("next-steps/", next_step_list, name="next-steps"),
    path("next-steps/act/", item_actions.act, name="act-on-items"),
    path("next-steps/undo/", item_actions.undo, name="undo-item-events"),
    path("next-steps/merge/", item_actions.merge, name="merge-items"),
    path("next-steps/<int:pk>/", item_page, name="item"),
    path("next-steps/<int:pk>/split/", item_actions.split, name="split-item"),
    path("handover/", handover_page, name="handover"),
    path("handover.md", handover_markdown, name="handover-markdown"),
    path("sign-in/", LoginView.as_view(), name="sign-in"),
    path("sign-in/<str:token>/", one_time_sign_in, name="one-time-sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("admin/", admin.site.urls),
]
