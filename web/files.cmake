# The parts of a page, in the order in which they stand in it; the scripts share one scope.
set(weft_page_template report.html)
set(weft_page_style report.css)
set(weft_page_scripts page/format.js page/tables.js page/charts_svg.js page/board.js page/sections.js page/section_charts.js page/gantt.js
    page/section_jobs.js page/compare.js page/main.js)
