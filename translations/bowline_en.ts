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
        <name>Prover</name>
        <message numerus="yes">
            <source>The last %n task(s) failed</source>
            <translation>
                <numerusform>The last task failed</numerusform>
                <numerusform>The last %n tasks failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>It ended %n time(s) in a row, so the pauses grow. If it goes on like this, turn the prover off and report it with what the log says.</source>
            <translation>
                <numerusform>It ended once, and the pauses grow. If it goes on like this, turn the prover off and report it with what the log says.</numerusform>
                <numerusform>It ended %n times in a row, so the pauses grow. If it goes on like this, turn the prover off and report it with what the log says.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>about %n batch(es) an hour</source>
            <translation>
                <numerusform>about one batch an hour</numerusform>
                <numerusform>about %n batches an hour</numerusform>
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
        <name>bowline::ui::ProverPage</name>
        <message numerus="yes">
            <source>%n processor(s)</source>
            <translation>
                <numerusform>%n processor</numerusform>
                <numerusform>%n processors</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n task(s) ready</source>
            <translation>
                <numerusform>%n task ready</numerusform>
                <numerusform>%n tasks ready</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n wait(s) for others</source>
            <translation>
                <numerusform>%n waits for others</numerusform>
                <numerusform>%n wait for others</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n in work</source>
            <translation>
                <numerusform>%n in work</numerusform>
                <numerusform>%n in work</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n done</source>
            <translation>
                <numerusform>%n done</numerusform>
                <numerusform>%n done</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%n failed</numerusform>
                <numerusform>%n failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n prover(s)</source>
            <translation>
                <numerusform>%n prover</numerusform>
                <numerusform>%n provers</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n result(s) accepted</source>
            <translation>
                <numerusform>%n result accepted</numerusform>
                <numerusform>%n results accepted</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Estimated: a small proof took %1 with %n processor(s), and a batch of one payment takes about %2 times as long. Real tasks replace the estimate.</source>
            <translation>
                <numerusform>Estimated: a small proof took %1 with %n processor, and a batch of one payment takes about %2 times as long. Real tasks replace the estimate.</numerusform>
                <numerusform>Estimated: a small proof took %1 with %n processors, and a batch of one payment takes about %2 times as long. Real tasks replace the estimate.</numerusform>
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
