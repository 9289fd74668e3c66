from django.db import migrations


class Migration(migrations.Migration):
    """What is left to do is a step everywhere, and what people say of groups is a grouping decision."""

    dependencies = [("kb", "0012_import_incomplete")]

    operations = [
        migrations.RenameModel("Item", "TrackedStep"),
        migrations.RenameModel("Mention", "StepMention"),
        migrations.RenameModel("Wording", "StepWording"),
        migrations.RenameModel("WordingKey", "StepWordingKey"),
        migrations.RenameModel("WordingLink", "StepWordingLink"),
        migrations.RenameModel("ItemEvent", "StepEvent"),
        migrations.RenameModel("Closing", "ProposedClosure"),
        migrations.RenameModel("Decision", "GroupingDecision"),
        migrations.RenameModel("DecisionSide", "ErrorSide"),
        migrations.RenameIndex("StepWordingKey", "kb_stepword_key_46301a_idx", old_name="kb_wordingk_key_88101a_idx"),
    ]
