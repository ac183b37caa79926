<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
    <context>
        <name>Format</name>
        <message numerus="yes">
            <source>%n block(s)</source>
            <translation>
                <numerusform>%n block</numerusform>
                <numerusform>%n blocks</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n minute(s) ago</source>
            <translation>
                <numerusform>%n minute ago</numerusform>
                <numerusform>%n minutes ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n hour(s) ago</source>
            <translation>
                <numerusform>%n hour ago</numerusform>
                <numerusform>%n hours ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>%n day ago</numerusform>
                <numerusform>%n days ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>about %n minute(s) left</source>
            <translation>
                <numerusform>about %n minute left</numerusform>
                <numerusform>about %n minutes left</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>about %n hour(s) left</source>
            <translation>
                <numerusform>about %n hour left</numerusform>
                <numerusform>about %n hours left</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::NewWalletForm</name>
        <message numerus="yes">
            <source>At least %n character(s).</source>
            <translation>
                <numerusform>At least %n character.</numerusform>
                <numerusform>At least %n characters.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ReviewCard</name>
        <message numerus="yes">
            <source>%n coin(s) spent</source>
            <translation>
                <numerusform>%n coin spent</numerusform>
                <numerusform>%n coins spent</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::SettingsPage</name>
        <message numerus="yes">
            <source>After %n minute(s)</source>
            <translation>
                <numerusform>After %n minute</numerusform>
                <numerusform>After %n minutes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>At least %n character(s).</source>
            <translation>
                <numerusform>At least %n character.</numerusform>
                <numerusform>At least %n characters.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::Shell</name>
        <message numerus="yes">
            <source>%n peer(s)</source>
            <translation>
                <numerusform>%n peer</numerusform>
                <numerusform>%n peers</numerusform>
            </translation>
        </message>
    </context>
</TS>
