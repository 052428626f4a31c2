"""Forms made by people: sections, typed questions, conditions, tables, files, versions, answers saved as one goes.

`definition`, `conditions`, `kinds`, `reading` and `answers` are pure; `models` and `responses` keep versions and
answers; `section_form`, `flow` and the templates `kernel/questions/` make the pages; `uses` is where a room says what
its answers are for.
"""
