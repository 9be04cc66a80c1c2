<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- English plurals only: the source texts are English already. -->
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>runglass::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation><numerusform>%n problem</numerusform><numerusform>%n problems</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::ProjectBanner</name>
    <message numerus="yes">
        <source>A copy with %n run(s) is in %1.</source>
        <translation><numerusform>A copy with %n run is in %1.</numerusform><numerusform>A copy with %n runs is in %1.</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation><numerusform>%n run</numerusform><numerusform>%n runs</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) of them have no process, and are marked as killed.</source>
        <translation><numerusform>%n run of them has no process, and is marked as killed.</numerusform><numerusform>%n runs of them have no process, and are marked as killed.</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::ChartCard</name>
    <message numerus="yes">
        <source>%1, %n run(s)</source>
        <translation><numerusform>%1, %n run</numerusform><numerusform>%1, %n runs</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::ChartGrid</name>
    <message numerus="yes">
        <source>%n chart(s)</source>
        <translation><numerusform>%n chart</numerusform><numerusform>%n charts</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::EndpointItem</name>
    <message numerus="yes">
        <source>%n call(s) not answered</source>
        <translation><numerusform>%n call not answered</numerusform><numerusform>%n calls not answered</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::EndpointDialog</name>
    <message numerus="yes">
        <source>%n call(s) not answered</source>
        <translation><numerusform>%n call not answered</numerusform><numerusform>%n calls not answered</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n file(s) or folder(s) of other tools cannot be read:</source>
        <translation><numerusform>%n file or folder of other tools cannot be read:</numerusform><numerusform>%n files or folders of other tools cannot be read:</numerusform></translation>
    </message>
</context>
<context>
    <name>runglass::ui::Inspector</name>
    <message numerus="yes">
        <source>%1 in %n file(s)</source>
        <translation><numerusform>%1 in %n file</numerusform><numerusform>%1 in %n files</numerusform></translation>
    </message>
</context>
<context>
    <name>RunColumn</name>
    <message numerus="yes">
        <source>%n record(s) could not be read: the inspector says which</source>
        <translation><numerusform>%n record could not be read: the inspector says which</numerusform><numerusform>%n records could not be read: the inspector says which</numerusform></translation>
    </message>
</context>
</TS>
