<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
    <context>
        <name>Codes</name>
        <message>
            <source>Deposit sent</source>
            <translation>Einzahlung gesendet</translation>
        </message>
        <message>
            <source>Deposit confirmed on Bitcoin</source>
            <translation>Einzahlung auf Bitcoin bestätigt</translation>
        </message>
        <message>
            <source>Committee signs</source>
            <translation>Komitee unterschreibt</translation>
        </message>
        <message>
            <source>Vault confirmed on Bitcoin</source>
            <translation>Tresor auf Bitcoin bestätigt</translation>
        </message>
        <message>
            <source>Credited on layer 2</source>
            <translation>Auf Layer 2 gutgeschrieben</translation>
        </message>
        <message>
            <source>Refund</source>
            <translation>Rückzahlung</translation>
        </message>
        <message>
            <source>Withdrawal requested</source>
            <translation>Auszahlung verlangt</translation>
        </message>
        <message>
            <source>Operator accepts</source>
            <translation>Betreiber nimmt an</translation>
        </message>
        <message>
            <source>Operator pays on Bitcoin</source>
            <translation>Betreiber zahlt auf Bitcoin</translation>
        </message>
        <message>
            <source>Payment confirmed</source>
            <translation>Zahlung bestätigt</translation>
        </message>
        <message>
            <source>Operator gets the escrow</source>
            <translation>Betreiber bekommt die Hinterlegung</translation>
        </message>
        <message>
            <source>Reclaim</source>
            <translation>Rückforderung</translation>
        </message>
        <message>
            <source>Vault value burned on layer 2</source>
            <translation>Tresorwert auf Layer 2 verbrannt</translation>
        </message>
        <message>
            <source>Kickoff on Bitcoin</source>
            <translation>Kickoff auf Bitcoin</translation>
        </message>
        <message>
            <source>Challenge window</source>
            <translation>Einspruchsfrist</translation>
        </message>
        <message>
            <source>Vault taken</source>
            <translation>Tresor genommen</translation>
        </message>
        <message>
            <source>Settled on layer 2</source>
            <translation>Auf Layer 2 abgerechnet</translation>
        </message>
        <message>
            <source>Voided</source>
            <translation>Nichtig</translation>
        </message>
        <message>
            <source>Your wallet locked the money to the committee, with a way back for you.</source>
            <translation>Ihre Wallet hat das Geld an das Komitee gebunden, mit einem Rückweg für Sie.</translation>
        </message>
        <message>
            <source>Everyone waits until the block is deep enough to stay.</source>
            <translation>Alle warten, bis der Block tief genug liegt, um zu bleiben.</translation>
        </message>
        <message>
            <source>All members check the whole plan and sign it. You hold the result first.</source>
            <translation>Alle Mitglieder prüfen den ganzen Plan und unterschreiben ihn. Sie haben das Ergebnis zuerst.</translation>
        </message>
        <message>
            <source>The money moves into the vault.</source>
            <translation>Das Geld geht in den Tresor.</translation>
        </message>
        <message>
            <source>The layer 2 mints exactly the value of the vault for you.</source>
            <translation>Layer 2 prägt genau den Wert des Tresors für Sie.</translation>
        </message>
        <message>
            <source>If the committee does not finish, you take the money back alone.</source>
            <translation>Wird das Komitee nicht fertig, nehmen Sie das Geld allein zurück.</translation>
        </message>
        <message>
            <source>Amount and fee go into escrow on the layer 2.</source>
            <translation>Betrag und Gebühr werden auf Layer 2 hinterlegt.</translation>
        </message>
        <message>
            <source>An operator puts down a bond and promises to pay you.</source>
            <translation>Ein Betreiber hinterlegt ein Pfand und verspricht, Sie zu bezahlen.</translation>
        </message>
        <message>
            <source>The operator sends bitcoin from its own wallet to your address.</source>
            <translation>Der Betreiber sendet Bitcoin aus eigener Wallet an Ihre Adresse.</translation>
        </message>
        <message>
            <source>From here on the bitcoin is yours: you are done.</source>
            <translation>Von hier an gehören die Bitcoin Ihnen: Sie sind fertig.</translation>
        </message>
        <message>
            <source>The operator proves its payment. This does not concern your money any more.</source>
            <translation>Der Betreiber weist seine Zahlung nach. Ihr Geld betrifft das nicht mehr.</translation>
        </message>
        <message>
            <source>If nobody pays in time, you get escrow and bond.</source>
            <translation>Zahlt niemand rechtzeitig, bekommen Sie Hinterlegung und Pfand.</translation>
        </message>
        <message>
            <source>Waiting for operators to offer themselves</source>
            <translation>Wartet auf Angebote von Betreibern</translation>
        </message>
        <message>
            <source>Waiting for the committee's plan</source>
            <translation>Wartet auf den Plan des Komitees</translation>
        </message>
        <message>
            <source>Members are joining</source>
            <translation>Mitglieder kommen dazu</translation>
        </message>
        <message>
            <source>Signing, first round</source>
            <translation>Unterschreiben, erste Runde</translation>
        </message>
        <message>
            <source>Signing, second round</source>
            <translation>Unterschreiben, zweite Runde</translation>
        </message>
        <message>
            <source>Last signature</source>
            <translation>Letzte Unterschrift</translation>
        </message>
        <message>
            <source>A member refused. Nothing is lost: the refund remains.</source>
            <translation>Ein Mitglied hat abgelehnt. Nichts ist verloren: Die Rückzahlung bleibt.</translation>
        </message>
        <message>
            <source>The layer 2 refused it. Nothing has left your account.</source>
            <translation>Die Ebene 2 hat sie abgelehnt. Von Ihrem Konto ist nichts abgegangen.</translation>
        </message>
        <message>
            <source>Too late for the committee. The refund will be possible.</source>
            <translation>Zu spät für das Komitee. Die Rückzahlung wird möglich.</translation>
        </message>
        <message>
            <source>Paid after the operator's deadline. The money is yours all the same.</source>
            <translation>Nach der Frist des Betreibers gezahlt. Das Geld gehört trotzdem Ihnen.</translation>
        </message>
        <message>
            <source>The operator's deadline has passed.</source>
            <translation>Die Frist des Betreibers ist abgelaufen.</translation>
        </message>
        <message>
            <source>The operator's stake was spent elsewhere</source>
            <translation>Der Einsatz des Betreibers wurde anders ausgegeben</translation>
        </message>
        <message>
            <source>Sent, waiting for a block</source>
            <translation>Gesendet, wartet auf einen Block</translation>
        </message>
        <message>
            <source>Vetoed by a member</source>
            <translation>Veto eines Mitglieds</translation>
        </message>
        <message>
            <source>You</source>
            <translation>Sie</translation>
        </message>
        <message>
            <source>Committee</source>
            <translation>Komitee</translation>
        </message>
        <message>
            <source>Operator</source>
            <translation>Betreiber</translation>
        </message>
        <message>
            <source>Bitcoin</source>
            <translation>Bitcoin</translation>
        </message>
        <message>
            <source>Sequencer</source>
            <translation>Sequencer</translation>
        </message>
        <message>
            <source>Anyone</source>
            <translation>Jeder</translation>
        </message>
        <message>
            <source>The fee is unusually high for this amount.</source>
            <translation>Die Gebühr ist für diesen Betrag ungewöhnlich hoch.</translation>
        </message>
        <message>
            <source>A rest too small to keep goes to the fee.</source>
            <translation>Ein Rest, der zu klein zum Behalten ist, geht in die Gebühr.</translation>
        </message>
        <message>
            <source>This spends money that is not confirmed yet.</source>
            <translation>Das gibt Geld aus, das noch nicht bestätigt ist.</translation>
        </message>
        <message>
            <source>The recipient is of a kind that anybody may be able to spend.</source>
            <translation>Der Empfänger ist von einer Art, die vielleicht jeder ausgeben kann.</translation>
        </message>
        <message>
            <source>This pays to your own wallet.</source>
            <translation>Das zahlt an Ihre eigene Wallet.</translation>
        </message>
        <message>
            <source>The answer is about this network</source>
            <translation>Die Antwort betrifft dieses Netz</translation>
        </message>
        <message>
            <source>The batch is signed by the sequencer</source>
            <translation>Der Batch ist vom Sequencer unterschrieben</translation>
        </message>
        <message>
            <source>The batch follows from the ones before</source>
            <translation>Der Batch folgt aus den vorigen</translation>
        </message>
        <message>
            <source>Its Bitcoin block is on the chain we checked ourselves</source>
            <translation>Sein Bitcoin-Block liegt auf der selbst geprüften Blockchain</translation>
        </message>
        <message>
            <source>The value is in the state root</source>
            <translation>Der Wert steckt in der Zustandswurzel</translation>
        </message>
        <message>
            <source>The history is complete</source>
            <translation>Die Geschichte ist vollständig</translation>
        </message>
        <message>
            <source>The transactions are those of the header</source>
            <translation>Die Transaktionen sind die des Kopfes</translation>
        </message>
        <message>
            <source>Key</source>
            <translation>Schlüssel</translation>
        </message>
        <message>
            <source>Exists</source>
            <translation>Vorhanden</translation>
        </message>
        <message>
            <source>Balance</source>
            <translation>Guthaben</translation>
        </message>
        <message>
            <source>Staked</source>
            <translation>Als Pfand</translation>
        </message>
        <message>
            <source>Nonce</source>
            <translation>Nonce</translation>
        </message>
        <message>
            <source>Raw value</source>
            <translation>Rohwert</translation>
        </message>
        <message>
            <source>Entry</source>
            <translation>Eintrag</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>no</source>
            <translation>nein</translation>
        </message>
        <message>
            <source>The root itself is not proven yet: it rests on the sequencer's signature.</source>
            <translation>Die Wurzel selbst ist noch nicht bewiesen: Sie beruht auf der Unterschrift des Sequencers.</translation>
        </message>
        <message>
            <source>The batch is not known here yet.</source>
            <translation>Der Batch ist hier noch nicht bekannt.</translation>
        </message>
        <message>
            <source>Our own Bitcoin chain is not that far yet.</source>
            <translation>Unsere eigene Bitcoin-Kette ist noch nicht so weit.</translation>
        </message>
        <message>
            <source>The answer is older than what was seen already.</source>
            <translation>Die Antwort ist älter als schon Gesehenes.</translation>
        </message>
        <message>
            <source>The batch is not linked to a verified one yet.</source>
            <translation>Der Batch ist noch nicht mit einem geprüften verbunden.</translation>
        </message>
        <message>
            <source>The batch header is damaged.</source>
            <translation>Der Batch-Kopf ist beschädigt.</translation>
        </message>
        <message>
            <source>The sequencer's signature is wrong.</source>
            <translation>Die Unterschrift des Sequencers ist falsch.</translation>
        </message>
        <message>
            <source>The batch does not follow from its parent.</source>
            <translation>Der Batch folgt nicht aus seinem Vorgänger.</translation>
        </message>
        <message>
            <source>The transactions are not those of the header.</source>
            <translation>Die Transaktionen sind nicht die des Kopfes.</translation>
        </message>
        <message>
            <source>The path does not lead to the state root.</source>
            <translation>Der Pfad führt nicht zur Zustandswurzel.</translation>
        </message>
        <message>
            <source>The value is not the one that was proven.</source>
            <translation>Der Wert ist nicht der bewiesene.</translation>
        </message>
        <message>
            <source>The history is not complete.</source>
            <translation>Die Geschichte ist nicht vollständig.</translation>
        </message>
        <message>
            <source>The answer is about another network.</source>
            <translation>Die Antwort betrifft ein anderes Netz.</translation>
        </message>
        <message>
            <source>The batch rests on a Bitcoin block that is not on our chain.</source>
            <translation>Der Batch beruht auf einem Bitcoin-Block, der nicht auf unserer Blockchain liegt.</translation>
        </message>
        <message>
            <source>Bitcoin has sealed another history than the node shows</source>
            <translation>Bitcoin hat eine andere Geschichte besiegelt, als der Knoten zeigt</translation>
        </message>
        <message>
            <source>The layer 2 takes batches for sealed that Bitcoin does not show</source>
            <translation>Das Layer 2 hält Batches für besiegelt, die Bitcoin nicht zeigt</translation>
        </message>
        <message>
            <source>The committee has announced a change of the layer 2&apos;s rules</source>
            <translation>Das Komitee hat eine Änderung der Regeln des Layer 2 angekündigt</translation>
        </message>
        <message>
            <source>They apply from Bitcoin block %1 on (it is %2 now). Who does not want them withdraws before that.</source>
            <translation>Sie gelten ab Bitcoin-Block %1 (jetzt: %2). Wer sie nicht will, zahlt vorher aus.</translation>
        </message>
        <message>
            <source>They apply %1 blocks after Bitcoin has sealed the announcement. Who does not want them withdraws before that.</source>
            <translation>Sie gelten %1 Blöcke, nachdem Bitcoin die Ankündigung besiegelt hat. Wer sie nicht will, zahlt vorher aus.</translation>
        </message>
        <message>
            <source>not sealed on Bitcoin yet</source>
            <translation>noch nicht auf Bitcoin besiegelt</translation>
        </message>
        <message>
            <source>sealed on Bitcoin, confirmations: %1</source>
            <translation>auf Bitcoin besiegelt, Bestätigungen: %1</translation>
        </message>
        <message>
            <source>Bitcoin has sealed another batch</source>
            <translation>Bitcoin hat einen anderen Batch besiegelt</translation>
        </message>
        <message>
            <source>The sequencer signed two different batches of one number.</source>
            <translation>Der Sequencer hat zwei verschiedene Batches einer Nummer unterschrieben.</translation>
        </message>
        <message>
            <source>Received</source>
            <translation>Empfangen</translation>
        </message>
        <message>
            <source>Sent</source>
            <translation>Gesendet</translation>
        </message>
        <message>
            <source>Deposit</source>
            <translation>Einzahlung</translation>
        </message>
        <message>
            <source>Withdrawal</source>
            <translation>Auszahlung</translation>
        </message>
        <message>
            <source>Received on layer 2</source>
            <translation>Auf Layer 2 empfangen</translation>
        </message>
        <message>
            <source>Sent on layer 2</source>
            <translation>Auf Layer 2 gesendet</translation>
        </message>
        <message>
            <source>Confirmed</source>
            <translation>Bestätigt</translation>
        </message>
        <message>
            <source>Pending</source>
            <translation>Ausstehend</translation>
        </message>
        <message>
            <source>In a batch</source>
            <translation>In einem Batch</translation>
        </message>
        <message>
            <source>Refused</source>
            <translation>Abgelehnt</translation>
        </message>
        <message>
            <source>Connected</source>
            <translation>Verbunden</translation>
        </message>
        <message>
            <source>Banned: sent invalid data</source>
            <translation>Gesperrt: sandte Ungültiges</translation>
        </message>
        <message>
            <source>Does not answer</source>
            <translation>Antwortet nicht</translation>
        </message>
        <message>
            <source>Offline</source>
            <translation>Nicht erreichbar</translation>
        </message>
        <message>
            <source>Cannot serve us</source>
            <translation>Kann uns nicht bedienen</translation>
        </message>
        <message>
            <source>Completed</source>
            <translation>Abgeschlossen</translation>
        </message>
        <message>
            <source>Paid</source>
            <translation>Gezahlt</translation>
        </message>
        <message>
            <source>Settled</source>
            <translation>Abgerechnet</translation>
        </message>
        <message>
            <source>Refunded</source>
            <translation>Zurückgezahlt</translation>
        </message>
        <message>
            <source>Reclaimed</source>
            <translation>Zurückgefordert</translation>
        </message>
        <message>
            <source>Refund possible</source>
            <translation>Rückzahlung möglich</translation>
        </message>
        <message>
            <source>Reclaim possible</source>
            <translation>Rückforderung möglich</translation>
        </message>
        <message>
            <source>Waits for you</source>
            <translation>Wartet auf Sie</translation>
        </message>
        <message>
            <source>Vault claim</source>
            <translation>Tresoranspruch</translation>
        </message>
        <message>
            <source>The node has not answered yet.</source>
            <translation>Der Knoten hat noch nicht geantwortet.</translation>
        </message>
        <message>
            <source>The operator gave up as much on the layer 2 as the vault holds.</source>
            <translation>Der Betreiber hat auf Layer 2 so viel verbrannt, wie der Tresor enthält.</translation>
        </message>
        <message>
            <source>The operator puts down a stake on Bitcoin and announces to take the vault.</source>
            <translation>Der Betreiber setzt auf Bitcoin etwas ein und kündigt an, den Tresor zu nehmen.</translation>
        </message>
        <message>
            <source>Until it ends any member can stop an operator who did not burn.</source>
            <translation>Bis sie endet, kann jedes Mitglied einen Betreiber aufhalten, der nichts verbrannt hat.</translation>
        </message>
        <message>
            <source>Nobody objected: the operator takes the bitcoin of the vault.</source>
            <translation>Niemand hat Einspruch erhoben: Der Betreiber nimmt die Bitcoin des Tresors.</translation>
        </message>
        <message>
            <source>The layer 2 knows that the vault is empty.</source>
            <translation>Layer 2 weiß, dass der Tresor leer ist.</translation>
        </message>
        <message>
            <source>Not in time. You can take the money back now.</source>
            <translation>Nicht rechtzeitig. Sie können das Geld jetzt zurücknehmen.</translation>
        </message>
        <message>
            <source>Not in time. You can take escrow and bond now.</source>
            <translation>Nicht rechtzeitig. Sie können Hinterlegung und Pfand jetzt nehmen.</translation>
        </message>
        <message>
            <source>Computed on this computer from the pinned network</source>
            <translation>Auf diesem Rechner aus dem festgelegten Netz berechnet</translation>
        </message>
        <message>
            <source>The sequencer signed two different batches of one number</source>
            <translation>Der Sequencer hat zwei verschiedene Batches einer Nummer unterschrieben</translation>
        </message>
        <message>
            <source>Two histories are told, so accept no payment on the layer 2 until this is explained.</source>
            <translation>Es werden zwei Geschichten erzählt. Nehmen Sie auf Layer 2 keine Zahlung an, bis das geklärt ist.</translation>
        </message>
        <message>
            <source>The layer-2 node gave an invalid answer</source>
            <translation>Der Layer-2-Knoten gab eine ungültige Antwort</translation>
        </message>
        <message>
            <source>Nothing of it was believed. Connect to another node.</source>
            <translation>Nichts davon wurde geglaubt. Verbinden Sie sich mit einem anderen Knoten.</translation>
        </message>
        <message>
            <source>The layer-2 node does not answer.</source>
            <translation>Der Layer-2-Knoten antwortet nicht.</translation>
        </message>
        <message>
            <source>The root is proven: this computer checked the proof of every batch up to here.</source>
            <translation>Die Wurzel ist bewiesen: Dieser Rechner hat den Beweis aller Batches bis hierher geprüft.</translation>
        </message>
        <message>
            <source>The proof of the chain is not valid.</source>
            <translation>Der Beweis der Kette ist nicht gültig.</translation>
        </message>
        <message>
            <source>The proof of the chain is of other batches than those shown.</source>
            <translation>Der Beweis der Kette gilt anderen Batches als den gezeigten.</translation>
        </message>
        <message>
            <source>proven</source>
            <translation>bewiesen</translation>
        </message>
        <message>
            <source>proven and sealed deep enough to be paid</source>
            <translation>bewiesen und tief genug besiegelt, um ausgezahlt zu werden</translation>
        </message>
    </context>
    <context>
        <name>Errors</name>
        <message>
            <source>Nothing was sent. Your money is where it was.</source>
            <translation>Es wurde nichts gesendet. Ihr Geld ist, wo es war.</translation>
        </message>
        <message>
            <source>Your money is on the chain; your words bring it back.</source>
            <translation>Ihr Geld liegt auf der Blockchain; Ihre Wörter holen es zurück.</translation>
        </message>
        <message>
            <source>Copy the address again from where you got it. Do not correct it by hand.</source>
            <translation>Kopieren Sie die Adresse noch einmal von dort, woher Sie sie haben. Verbessern Sie sie nicht von Hand.</translation>
        </message>
        <message>
            <source>Enter a number above zero with at most 8 decimals of BTC.</source>
            <translation>Geben Sie eine Zahl über null mit höchstens 8 Nachkommastellen in BTC ein.</translation>
        </message>
        <message>
            <source>Try again.</source>
            <translation>Versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Go back and review once more.</source>
            <translation>Gehen Sie zurück und prüfen Sie noch einmal.</translation>
        </message>
        <message>
            <source>Send less, or wait until pending money is confirmed.</source>
            <translation>Senden Sie weniger, oder warten Sie, bis ausstehendes Geld bestätigt ist.</translation>
        </message>
        <message>
            <source>Look at the Network page. Deposits and withdrawals go on by themselves once the node answers again.</source>
            <translation>Sehen Sie auf die Seite Netzwerk. Ein- und Auszahlungen gehen von selbst weiter, sobald der Knoten wieder antwortet.</translation>
        </message>
        <message>
            <source>This was stopped before it finished.</source>
            <translation>Das wurde angehalten, bevor es fertig war.</translation>
        </message>
        <message>
            <source>The wallet is still catching up.</source>
            <translation>Die Wallet holt noch auf.</translation>
        </message>
        <message>
            <source>Wait until syncing is done, then try again.</source>
            <translation>Warten Sie, bis der Abgleich fertig ist, und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>No wallet is open.</source>
            <translation>Keine Wallet ist offen.</translation>
        </message>
        <message>
            <source>Open and unlock a wallet first.</source>
            <translation>Öffnen und entsperren Sie zuerst eine Wallet.</translation>
        </message>
        <message>
            <source>Bowline is running on this data folder already.</source>
            <translation>Bowline läuft schon mit diesem Datenordner.</translation>
        </message>
        <message>
            <source>Use the other window, or close it and end other commands, then try again.</source>
            <translation>Nehmen Sie das andere Fenster, oder schließen Sie es, beenden Sie andere Befehle und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>No layer-2 network is configured.</source>
            <translation>Kein Layer-2-Netz ist eingestellt.</translation>
        </message>
        <message>
            <source>Start Bowline with a network file.</source>
            <translation>Starten Sie Bowline mit einer Netzdatei.</translation>
        </message>
        <message>
            <source>Bowline could not start.</source>
            <translation>Bowline konnte nicht starten.</translation>
        </message>
        <message>
            <source>Check that the data folder exists and can be written.</source>
            <translation>Prüfen Sie, ob der Datenordner da ist und beschrieben werden kann.</translation>
        </message>
        <message>
            <source>This name cannot be used for a wallet.</source>
            <translation>Dieser Name geht nicht für eine Wallet.</translation>
        </message>
        <message>
            <source>Use letters, digits, spaces, dots and dashes, at most 64 of them.</source>
            <translation>Nehmen Sie Buchstaben, Ziffern, Leerzeichen, Punkte und Striche, höchstens 64.</translation>
        </message>
        <message>
            <source>This is not a recipient Bowline understands.</source>
            <translation>Diesen Empfänger versteht Bowline nicht.</translation>
        </message>
        <message>
            <source>This review is no longer valid.</source>
            <translation>Diese Prüfung gilt nicht mehr.</translation>
        </message>
        <message>
            <source>This wallet does not know that transaction.</source>
            <translation>Diese Wallet kennt die Transaktion nicht.</translation>
        </message>
        <message>
            <source>Check the id, or wait until syncing is done.</source>
            <translation>Prüfen Sie die Kennung, oder warten Sie auf das Ende des Abgleichs.</translation>
        </message>
        <message>
            <source>This wallet does not know that deposit or withdrawal.</source>
            <translation>Diese Wallet kennt die Ein- oder Auszahlung nicht.</translation>
        </message>
        <message>
            <source>A record of a deposit or withdrawal cannot be read.</source>
            <translation>Ein Eintrag einer Ein- oder Auszahlung ist nicht lesbar.</translation>
        </message>
        <message>
            <source>The money itself is on the chain and can be found from your words.</source>
            <translation>Das Geld selbst liegt auf der Blockchain und lässt sich aus Ihren Wörtern finden.</translation>
        </message>
        <message>
            <source>Restore the wallet from its words in a second file.</source>
            <translation>Stellen Sie die Wallet aus ihren Wörtern in einer zweiten Datei wieder her.</translation>
        </message>
        <message>
            <source>Your layer-2 account is not known yet.</source>
            <translation>Ihr Layer-2-Konto ist noch nicht bekannt.</translation>
        </message>
        <message>
            <source>The layer-2 account does not hold enough.</source>
            <translation>Auf dem Layer-2-Konto ist nicht genug.</translation>
        </message>
        <message>
            <source>Enter a smaller amount; the fee is paid on top.</source>
            <translation>Geben Sie einen kleineren Betrag ein; die Gebühr kommt dazu.</translation>
        </message>
        <message>
            <source>The layer-2 node does not answer.</source>
            <translation>Der Layer-2-Knoten antwortet nicht.</translation>
        </message>
        <message>
            <source>Your money is safe: the node holds no keys.</source>
            <translation>Ihr Geld ist sicher: Der Knoten hat keine Schlüssel.</translation>
        </message>
        <message>
            <source>The layer-2 node gave an answer that does not check out.</source>
            <translation>Der Layer-2-Knoten gab eine Antwort, die der Prüfung nicht standhält.</translation>
        </message>
        <message>
            <source>Your money is safe: nothing unproven is believed.</source>
            <translation>Ihr Geld ist sicher: Nichts Unbewiesenes wird geglaubt.</translation>
        </message>
        <message>
            <source>Do not rely on this node. Connect to another one.</source>
            <translation>Verlassen Sie sich nicht auf diesen Knoten. Verbinden Sie sich mit einem anderen.</translation>
        </message>
        <message>
            <source>This is less than the smallest vault.</source>
            <translation>Das ist weniger als der kleinste Tresor.</translation>
        </message>
        <message>
            <source>Deposit at least the smallest denomination.</source>
            <translation>Zahlen Sie mindestens die kleinste Stückelung ein.</translation>
        </message>
        <message>
            <source>This amount needs too many vaults at once.</source>
            <translation>Dieser Betrag braucht zu viele Tresore auf einmal.</translation>
        </message>
        <message>
            <source>Deposit it in several steps.</source>
            <translation>Zahlen Sie ihn in mehreren Schritten ein.</translation>
        </message>
        <message>
            <source>This is less than the smallest withdrawal.</source>
            <translation>Das ist weniger als die kleinste Auszahlung.</translation>
        </message>
        <message>
            <source>Withdraw a larger amount.</source>
            <translation>Zahlen Sie einen größeren Betrag aus.</translation>
        </message>
        <message>
            <source>There is nothing to refund here.</source>
            <translation>Hier gibt es nichts zurückzuzahlen.</translation>
        </message>
        <message>
            <source>The refund is on its way already.</source>
            <translation>Die Rückzahlung ist schon unterwegs.</translation>
        </message>
        <message>
            <source>It was sent and waits for a block.</source>
            <translation>Sie wurde gesendet und wartet auf einen Block.</translation>
        </message>
        <message>
            <source>Wait, or send it again with a higher fee.</source>
            <translation>Warten Sie, oder senden Sie sie mit höherer Gebühr noch einmal.</translation>
        </message>
        <message>
            <source>The fee would be higher than the one you reviewed.</source>
            <translation>Die Gebühr wäre höher als die, die Sie geprüft haben.</translation>
        </message>
        <message>
            <source>The deposit was completed or refunded already.</source>
            <translation>Die Einzahlung wurde schon abgeschlossen oder zurückgezahlt.</translation>
        </message>
        <message>
            <source>Look at its timeline on the Bridge page.</source>
            <translation>Sehen Sie ihren Ablauf auf der Seite Brücke an.</translation>
        </message>
        <message>
            <source>There is nothing to reclaim here.</source>
            <translation>Hier gibt es nichts zurückzufordern.</translation>
        </message>
        <message>
            <source>It is over, or its reclaim is on its way already.</source>
            <translation>Sie ist abgeschlossen, oder die Rückforderung ist schon unterwegs.</translation>
        </message>
        <message>
            <source>It is too early to reclaim this.</source>
            <translation>Für die Rückforderung ist es zu früh.</translation>
        </message>
        <message>
            <source>The amount is in escrow; an operator pays it or you get it back.</source>
            <translation>Der Betrag ist hinterlegt; ein Betreiber zahlt ihn, oder Sie bekommen ihn zurück.</translation>
        </message>
        <message>
            <source>Wait for the deadline in its timeline.</source>
            <translation>Warten Sie die Frist in ihrem Ablauf ab.</translation>
        </message>
        <message>
            <source>The password is wrong.</source>
            <translation>Das Passwort ist falsch.</translation>
        </message>
        <message>
            <source>Your money is safe. The wallet stays locked.</source>
            <translation>Ihr Geld ist sicher. Die Wallet bleibt gesperrt.</translation>
        </message>
        <message>
            <source>Check Caps Lock and keyboard layout, then try again.</source>
            <translation>Prüfen Sie Feststelltaste und Tastaturbelegung und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The password is empty.</source>
            <translation>Das Passwort ist leer.</translation>
        </message>
        <message>
            <source>Choose a password for this wallet.</source>
            <translation>Wählen Sie ein Passwort für diese Wallet.</translation>
        </message>
        <message>
            <source>A wallet of this name exists already.</source>
            <translation>Eine Wallet dieses Namens gibt es schon.</translation>
        </message>
        <message>
            <source>The existing wallet was not touched.</source>
            <translation>Die vorhandene Wallet blieb unberührt.</translation>
        </message>
        <message>
            <source>Choose another name.</source>
            <translation>Wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <source>This wallet file does not exist.</source>
            <translation>Diese Wallet-Datei gibt es nicht.</translation>
        </message>
        <message>
            <source>Check the data folder, or restore from words.</source>
            <translation>Prüfen Sie den Datenordner, oder stellen Sie aus Wörtern wieder her.</translation>
        </message>
        <message>
            <source>The wallet is locked.</source>
            <translation>Die Wallet ist gesperrt.</translation>
        </message>
        <message>
            <source>Unlock it and try again.</source>
            <translation>Entsperren Sie sie und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>These are not this wallet's words.</source>
            <translation>Das sind nicht die Wörter dieser Wallet.</translation>
        </message>
        <message>
            <source>Your money is safe.</source>
            <translation>Ihr Geld ist sicher.</translation>
        </message>
        <message>
            <source>Compare with what you wrote down, word by word.</source>
            <translation>Vergleichen Sie Wort für Wort mit dem, was Sie aufgeschrieben haben.</translation>
        </message>
        <message>
            <source>The wallet file is damaged.</source>
            <translation>Die Wallet-Datei ist beschädigt.</translation>
        </message>
        <message>
            <source>Restore the wallet from its words in a new file.</source>
            <translation>Stellen Sie die Wallet aus ihren Wörtern in einer neuen Datei wieder her.</translation>
        </message>
        <message>
            <source>This amount cannot be sent.</source>
            <translation>Dieser Betrag kann nicht gesendet werden.</translation>
        </message>
        <message>
            <source>This fee rate cannot be used.</source>
            <translation>Dieser Gebührensatz geht nicht.</translation>
        </message>
        <message>
            <source>Enter a rate of at least 1 sat/vB.</source>
            <translation>Geben Sie mindestens 1 sat/vB ein.</translation>
        </message>
        <message>
            <source>The fee would be far too high.</source>
            <translation>Die Gebühr wäre viel zu hoch.</translation>
        </message>
        <message>
            <source>Choose a lower fee rate.</source>
            <translation>Wählen Sie einen niedrigeren Gebührensatz.</translation>
        </message>
        <message>
            <source>This amount is too small to be sent.</source>
            <translation>Dieser Betrag ist zu klein zum Senden.</translation>
        </message>
        <message>
            <source>Nodes refuse outputs that cost more to spend than they are worth. Send more.</source>
            <translation>Knoten lehnen Ausgänge ab, deren Ausgeben mehr kostet, als sie wert sind. Senden Sie mehr.</translation>
        </message>
        <message>
            <source>There is not enough money for amount and fee.</source>
            <translation>Für Betrag und Gebühr ist nicht genug Geld da.</translation>
        </message>
        <message>
            <source>A coin of this payment was spent meanwhile.</source>
            <translation>Eine Münze dieser Zahlung wurde inzwischen ausgegeben.</translation>
        </message>
        <message>
            <source>There is nothing to spend yet.</source>
            <translation>Es gibt noch nichts auszugeben.</translation>
        </message>
        <message>
            <source>No recipient is given.</source>
            <translation>Kein Empfänger ist angegeben.</translation>
        </message>
        <message>
            <source>Enter an address.</source>
            <translation>Geben Sie eine Adresse ein.</translation>
        </message>
        <message>
            <source>Two recipients cannot both get the rest.</source>
            <translation>Zwei Empfänger können nicht beide den Rest bekommen.</translation>
        </message>
        <message>
            <source>Give one of them an amount.</source>
            <translation>Geben Sie einem davon einen Betrag.</translation>
        </message>
        <message>
            <source>This payment would need too many coins.</source>
            <translation>Diese Zahlung bräuchte zu viele Münzen.</translation>
        </message>
        <message>
            <source>Send it in several payments.</source>
            <translation>Senden Sie sie in mehreren Zahlungen.</translation>
        </message>
        <message>
            <source>This transaction cannot be replaced any more.</source>
            <translation>Diese Transaktion lässt sich nicht mehr ersetzen.</translation>
        </message>
        <message>
            <source>The original payment stays as it is.</source>
            <translation>Die ursprüngliche Zahlung bleibt, wie sie ist.</translation>
        </message>
        <message>
            <source>Wait for it, or speed it up by a child.</source>
            <translation>Warten Sie darauf, oder beschleunigen Sie sie durch eine Folgetransaktion.</translation>
        </message>
        <message>
            <source>The new fee rate is not higher.</source>
            <translation>Der neue Gebührensatz ist nicht höher.</translation>
        </message>
        <message>
            <source>Enter a higher rate.</source>
            <translation>Geben Sie einen höheren Satz ein.</translation>
        </message>
        <message>
            <source>Other transactions build on this one.</source>
            <translation>Andere Transaktionen bauen auf dieser auf.</translation>
        </message>
        <message>
            <source>Take back what builds on it first, or speed it up by a child.</source>
            <translation>Nehmen Sie zuerst zurück, was darauf aufbaut, oder beschleunigen Sie sie durch eine Folgetransaktion.</translation>
        </message>
        <message>
            <source>This does not belong to the wallet.</source>
            <translation>Das gehört nicht zur Wallet.</translation>
        </message>
        <message>
            <source>Choose one of your own transactions.</source>
            <translation>Wählen Sie eine Ihrer eigenen Transaktionen.</translation>
        </message>
        <message>
            <source>The fee of the first transaction is not known.</source>
            <translation>Die Gebühr der ersten Transaktion ist nicht bekannt.</translation>
        </message>
        <message>
            <source>Wait until it confirms.</source>
            <translation>Warten Sie, bis sie bestätigt ist.</translation>
        </message>
        <message>
            <source>Too many unused addresses are out already.</source>
            <translation>Es sind schon zu viele unbenutzte Adressen ausgegeben.</translation>
        </message>
        <message>
            <source>Use an earlier address that has not received anything, or wait until what is pending is confirmed.</source>
            <translation>Nehmen Sie eine frühere Adresse, die noch nichts empfangen hat, oder warten Sie, bis Ausstehendes bestätigt ist.</translation>
        </message>
        <message>
            <source>A signed transaction failed our own check and was thrown away.</source>
            <translation>Eine unterschriebene Transaktion bestand unsere eigene Prüfung nicht und wurde verworfen.</translation>
        </message>
        <message>
            <source>Please report this with the details below.</source>
            <translation>Bitte melden Sie das mit den Einzelheiten unten.</translation>
        </message>
        <message>
            <source>This kind of transaction cannot be made here.</source>
            <translation>Diese Art Transaktion lässt sich hier nicht machen.</translation>
        </message>
        <message>
            <source>A block came out of order.</source>
            <translation>Ein Block kam außer der Reihe.</translation>
        </message>
        <message>
            <source>Restart Bowline; the scan resumes.</source>
            <translation>Starten Sie Bowline neu; die Suche geht weiter.</translation>
        </message>
        <message>
            <source>This is not an amount.</source>
            <translation>Das ist kein Betrag.</translation>
        </message>
        <message>
            <source>This is not a Bitcoin address.</source>
            <translation>Das ist keine Bitcoin-Adresse.</translation>
        </message>
        <message>
            <source>This address belongs to another network.</source>
            <translation>Diese Adresse gehört zu einem anderen Netz.</translation>
        </message>
        <message>
            <source>Ask for an address of the network shown at the top of the window.</source>
            <translation>Bitten Sie um eine Adresse des Netzes, das oben im Fenster steht.</translation>
        </message>
        <message>
            <source>This address is written in the wrong form.</source>
            <translation>Diese Adresse ist in der falschen Form geschrieben.</translation>
        </message>
        <message>
            <source>This address has an unknown version.</source>
            <translation>Diese Adresse hat eine unbekannte Version.</translation>
        </message>
        <message>
            <source>This address is damaged.</source>
            <translation>Diese Adresse ist beschädigt.</translation>
        </message>
        <message>
            <source>The address has a typing error.</source>
            <translation>Die Adresse hat einen Tippfehler.</translation>
        </message>
        <message>
            <source>The address has a character that no address has.</source>
            <translation>Die Adresse hat ein Zeichen, das keine Adresse hat.</translation>
        </message>
        <message>
            <source>The address is too short or too long.</source>
            <translation>Die Adresse ist zu kurz oder zu lang.</translation>
        </message>
        <message>
            <source>The address mixes capital and small letters.</source>
            <translation>Die Adresse mischt große und kleine Buchstaben.</translation>
        </message>
        <message>
            <source>This payment link is damaged.</source>
            <translation>Dieser Zahlungslink ist beschädigt.</translation>
        </message>
        <message>
            <source>Ask for the link again.</source>
            <translation>Bitten Sie noch einmal um den Link.</translation>
        </message>
        <message>
            <source>This payment link demands something Bowline does not know.</source>
            <translation>Dieser Zahlungslink verlangt etwas, das Bowline nicht kennt.</translation>
        </message>
        <message>
            <source>Ask for a plain address instead.</source>
            <translation>Bitten Sie stattdessen um eine einfache Adresse.</translation>
        </message>
        <message>
            <source>The amount in this payment link is wrong.</source>
            <translation>Der Betrag in diesem Zahlungslink ist falsch.</translation>
        </message>
        <message>
            <source>This is not a layer-2 address.</source>
            <translation>Das ist keine Layer-2-Adresse.</translation>
        </message>
        <message>
            <source>This layer-2 address belongs to another network.</source>
            <translation>Diese Layer-2-Adresse gehört zu einem anderen Netz.</translation>
        </message>
        <message>
            <source>This layer-2 address is not a key.</source>
            <translation>Diese Layer-2-Adresse ist kein Schlüssel.</translation>
        </message>
        <message>
            <source>The network file cannot be read.</source>
            <translation>Die Netzdatei ist nicht lesbar.</translation>
        </message>
        <message>
            <source>Get the file again from where your network publishes it.</source>
            <translation>Holen Sie die Datei noch einmal dort, wo Ihr Netz sie veröffentlicht.</translation>
        </message>
        <message>
            <source>The number of words is wrong.</source>
            <translation>Die Zahl der Wörter ist falsch.</translation>
        </message>
        <message>
            <source>There are 12, 15, 18, 21 or 24 words.</source>
            <translation>Es gibt 12, 15, 18, 21 oder 24 Wörter.</translation>
        </message>
        <message>
            <source>One of the words is not in the list.</source>
            <translation>Eines der Wörter steht nicht in der Liste.</translation>
        </message>
        <message>
            <source>Check the spelling of each word.</source>
            <translation>Prüfen Sie die Schreibung jedes Wortes.</translation>
        </message>
        <message>
            <source>These words do not belong together.</source>
            <translation>Diese Wörter gehören nicht zusammen.</translation>
        </message>
        <message>
            <source>Check each word and their order; one of them is wrong.</source>
            <translation>Prüfen Sie jedes Wort und die Reihenfolge; eines ist falsch.</translation>
        </message>
        <message>
            <source>It is too early for the refund.</source>
            <translation>Für die Rückzahlung ist es zu früh.</translation>
        </message>
        <message>
            <source>The deposit is yours and waits on the chain.</source>
            <translation>Die Einzahlung gehört Ihnen und wartet auf der Blockchain.</translation>
        </message>
        <message>
            <source>Wait for the refund clock of this deposit.</source>
            <translation>Warten Sie die Rückzahlungsfrist dieser Einzahlung ab.</translation>
        </message>
        <message>
            <source>The fee would eat the whole refund.</source>
            <translation>Die Gebühr würde die ganze Rückzahlung verzehren.</translation>
        </message>
        <message>
            <source>The layer 2 refused this transaction.</source>
            <translation>Layer 2 hat diese Transaktion abgelehnt.</translation>
        </message>
        <message>
            <source>The layer 2 is too busy.</source>
            <translation>Layer 2 ist überlastet.</translation>
        </message>
        <message>
            <source>Try again in a few minutes.</source>
            <translation>Versuchen Sie es in ein paar Minuten noch einmal.</translation>
        </message>
        <message>
            <source>Too many of your layer-2 transactions are waiting.</source>
            <translation>Zu viele Ihrer Layer-2-Transaktionen warten.</translation>
        </message>
        <message>
            <source>Wait for the next batch.</source>
            <translation>Warten Sie auf den nächsten Batch.</translation>
        </message>
        <message>
            <source>The disk is full.</source>
            <translation>Die Platte ist voll.</translation>
        </message>
        <message>
            <source>Free some space, then try again.</source>
            <translation>Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The data folder cannot be written.</source>
            <translation>Der Datenordner lässt sich nicht beschreiben.</translation>
        </message>
        <message>
            <source>Check the rights of the folder.</source>
            <translation>Prüfen Sie die Rechte des Ordners.</translation>
        </message>
        <message>
            <source>Another program uses the wallet file.</source>
            <translation>Ein anderes Programm benutzt die Wallet-Datei.</translation>
        </message>
        <message>
            <source>Close the other Bowline, then try again.</source>
            <translation>Schließen Sie das andere Bowline und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>The wallet file was made by a newer Bowline.</source>
            <translation>Die Wallet-Datei stammt von einem neueren Bowline.</translation>
        </message>
        <message>
            <source>Update Bowline.</source>
            <translation>Aktualisieren Sie Bowline.</translation>
        </message>
        <message>
            <source>Some data could not be read.</source>
            <translation>Einige Daten waren nicht lesbar.</translation>
        </message>
        <message>
            <source>Check what you entered.</source>
            <translation>Prüfen Sie Ihre Eingabe.</translation>
        </message>
        <message>
            <source>Some Bitcoin data is not valid.</source>
            <translation>Einige Bitcoin-Daten sind ungültig.</translation>
        </message>
        <message>
            <source>A cryptographic step failed.</source>
            <translation>Ein kryptographischer Schritt ist gescheitert.</translation>
        </message>
        <message>
            <source>A key or its description is not valid.</source>
            <translation>Ein Schlüssel oder seine Beschreibung ist ungültig.</translation>
        </message>
        <message>
            <source>Some layer-2 data is not valid.</source>
            <translation>Einige Layer-2-Daten sind ungültig.</translation>
        </message>
        <message>
            <source>The wallet's database reported a problem.</source>
            <translation>Die Datenbank der Wallet meldet ein Problem.</translation>
        </message>
        <message>
            <source>Restart Bowline. If it stays, check the disk.</source>
            <translation>Starten Sie Bowline neu. Bleibt es dabei, prüfen Sie die Platte.</translation>
        </message>
        <message>
            <source>The Bitcoin network reported a problem.</source>
            <translation>Das Bitcoin-Netz meldet ein Problem.</translation>
        </message>
        <message>
            <source>Your money is safe: the chain is checked here.</source>
            <translation>Ihr Geld ist sicher: Die Blockchain wird hier geprüft.</translation>
        </message>
        <message>
            <source>Look at the Network page; Bowline goes on trying.</source>
            <translation>Sehen Sie auf die Seite Netzwerk; Bowline versucht es weiter.</translation>
        </message>
        <message>
            <source>The wallet reported a problem.</source>
            <translation>Die Wallet meldet ein Problem.</translation>
        </message>
        <message>
            <source>Some layer-2 data does not check out.</source>
            <translation>Einige Layer-2-Daten halten der Prüfung nicht stand.</translation>
        </message>
        <message>
            <source>A step of the bridge does not check out.</source>
            <translation>Ein Schritt der Brücke hält der Prüfung nicht stand.</translation>
        </message>
        <message>
            <source>Your money is safe: a deposit that is not completed can be refunded.</source>
            <translation>Ihr Geld ist sicher: Eine nicht abgeschlossene Einzahlung kann zurückgezahlt werden.</translation>
        </message>
        <message>
            <source>Look at the timeline on the Bridge page.</source>
            <translation>Sehen Sie den Ablauf auf der Seite Brücke an.</translation>
        </message>
        <message>
            <source>The connection to the layer-2 node failed.</source>
            <translation>Die Verbindung zum Layer-2-Knoten ist gescheitert.</translation>
        </message>
        <message>
            <source>The layer-2 node reported a problem.</source>
            <translation>Der Layer-2-Knoten meldet ein Problem.</translation>
        </message>
        <message>
            <source>The layer 2 did not take this transaction.</source>
            <translation>Layer 2 hat diese Transaktion nicht angenommen.</translation>
        </message>
        <message>
            <source>Bowline could not do this.</source>
            <translation>Bowline konnte das nicht tun.</translation>
        </message>
        <message>
            <source>A node program reported a problem.</source>
            <translation>Ein Knotenprogramm meldet ein Problem.</translation>
        </message>
        <message>
            <source>Look at that program's log.</source>
            <translation>Sehen Sie in das Protokoll dieses Programms.</translation>
        </message>
        <message>
            <source>A member of the committee reported a problem.</source>
            <translation>Ein Mitglied des Komitees meldet ein Problem.</translation>
        </message>
        <message>
            <source>An operator reported a problem.</source>
            <translation>Ein Betreiber meldet ein Problem.</translation>
        </message>
        <message>
            <source>A proof does not check out.</source>
            <translation>Ein Beweis stimmt nicht.</translation>
        </message>
        <message>
            <source>An execution could not be proven, or its proof does not check out.</source>
            <translation>Eine Ausführung konnte nicht bewiesen werden, oder ihr Beweis hält der Prüfung nicht stand.</translation>
        </message>
        <message>
            <source>A proof of another proof could not be made, or does not check out.</source>
            <translation>Ein Beweis über einen anderen Beweis konnte nicht geführt werden oder stimmt nicht.</translation>
        </message>
        <message>
            <source>The layer 2's seals on Bitcoin could not be made or read.</source>
            <translation>Die Siegel des Layer 2 auf Bitcoin konnten nicht gesetzt oder gelesen werden.</translation>
        </message>
        <message>
            <source>The layer 2's program is missing, or is not that of this network.</source>
            <translation>Das Layer-2-Programm fehlt oder ist nicht das dieses Netzes.</translation>
        </message>
        <message>
            <source>Install Bowline again from a source that you trust.</source>
            <translation>Installieren Sie Bowline neu aus einer Quelle, der Sie vertrauen.</translation>
        </message>
        <message>
            <source>The proven machine could not do this.</source>
            <translation>Die bewiesene Maschine konnte das nicht ausführen.</translation>
        </message>
        <message>
            <source>The proving service reported a problem.</source>
            <translation>Der Beweisdienst meldet ein Problem.</translation>
        </message>
        <message>
            <source>A prover could not do its task.</source>
            <translation>Ein Beweiser konnte seine Aufgabe nicht ausführen.</translation>
        </message>
        <message>
            <source>The relay reported a problem.</source>
            <translation>Die Vermittlung meldet ein Problem.</translation>
        </message>
        <message>
            <source>The test network reported a problem.</source>
            <translation>Das Testnetz meldet ein Problem.</translation>
        </message>
        <message>
            <source>Look at its log.</source>
            <translation>Sehen Sie in sein Protokoll.</translation>
        </message>
        <message>
            <source>The command was not understood.</source>
            <translation>Der Befehl wurde nicht verstanden.</translation>
        </message>
        <message>
            <source>The window could not do this.</source>
            <translation>Das Fenster konnte das nicht tun.</translation>
        </message>
        <message>
            <source>The layer-2 node gave an answer that was shown to be wrong.</source>
            <translation>Der Layer-2-Knoten gab eine Antwort, die nachweislich falsch ist.</translation>
        </message>
        <message>
            <source>No batch of the layer 2 is proven yet.</source>
            <translation>Noch ist kein Batch von Layer 2 bewiesen.</translation>
        </message>
        <message>
            <source>Wait: proofs come some minutes after their batches.</source>
            <translation>Warten Sie: Beweise kommen einige Minuten nach ihren Batches.</translation>
        </message>
        <message>
            <source>The proof of the layer 2 could not be used.</source>
            <translation>Der Beweis von Layer 2 ließ sich nicht verwenden.</translation>
        </message>
        <message>
            <source>Nothing new counts as proven. Update Bowline, or connect to another node.</source>
            <translation>Nichts Neues gilt als bewiesen. Aktualisieren Sie Bowline oder verbinden Sie sich mit einem anderen Knoten.</translation>
        </message>
    </context>
    <context>
        <name>Format</name>
        <message>
            <source>%1 min</source>
            <translation>%1 min</translation>
        </message>
        <message>
            <source>%1 h</source>
            <translation>%1 h</translation>
        </message>
        <message>
            <source>%1 days</source>
            <translation>%1 Tage</translation>
        </message>
        <message>
            <source>%1 / %2 blocks</source>
            <translation>%1 / %2 Blöcke</translation>
        </message>
        <message>
            <source>about %1</source>
            <extracomment>After "87 / 144 blocks": %1 is a range of time such as "8–11 h"</extracomment>
            <translation>etwa %1</translation>
        </message>
        <message numerus="yes">
            <source>%n block(s)</source>
            <translation>
                <numerusform>%n Block</numerusform>
                <numerusform>%n Blöcke</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 (about %2)</source>
            <translation>%1 (etwa %2)</translation>
        </message>
        <message>
            <source>just now</source>
            <translation>gerade eben</translation>
        </message>
        <message numerus="yes">
            <source>%n minute(s) ago</source>
            <translation>
                <numerusform>vor %n Minute</numerusform>
                <numerusform>vor %n Minuten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n hour(s) ago</source>
            <translation>
                <numerusform>vor %n Stunde</numerusform>
                <numerusform>vor %n Stunden</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>vor %n Tag</numerusform>
                <numerusform>vor %n Tagen</numerusform>
            </translation>
        </message>
        <message>
            <source>under a minute left</source>
            <translation>noch unter einer Minute</translation>
        </message>
        <message numerus="yes">
            <source>about %n minute(s) left</source>
            <translation>
                <numerusform>noch etwa %n Minute</numerusform>
                <numerusform>noch etwa %n Minuten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>about %n hour(s) left</source>
            <translation>
                <numerusform>noch etwa %n Stunde</numerusform>
                <numerusform>noch etwa %n Stunden</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Main</name>
        <message>
            <source>Wallet and light client for Bitcoin and a layer 2.</source>
            <translation>Wallet und leichter Client für Bitcoin und ein Layer 2.</translation>
        </message>
        <message>
            <source>Folder of wallets and chain data.</source>
            <translation>Ordner der Wallets und Kettendaten.</translation>
        </message>
        <message>
            <source>The layer-2 network, pinned (network.json).</source>
            <translation>Das festgelegte Layer-2-Netz (network.json).</translation>
        </message>
        <message>
            <source>A Bitcoin peer; may be given more than once.</source>
            <translation>Ein Bitcoin-Partner; darf mehrfach angegeben werden.</translation>
        </message>
        <message>
            <source>A node of the layer 2.</source>
            <translation>Ein Knoten des Layer 2.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ActivityModel</name>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wann</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::AddressView</name>
        <message>
            <source>Address: %1</source>
            <translation>Adresse: %1</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::AmountField</name>
        <message>
            <source>Write the decimal point as a point.</source>
            <translation>Schreiben Sie das Dezimalzeichen als Punkt.</translation>
        </message>
        <message>
            <source>A whole number of satoshi, at most 21 million BTC.</source>
            <translation>Eine ganze Zahl von Satoshi, höchstens 21 Millionen BTC.</translation>
        </message>
        <message>
            <source>A number of BTC with at most 8 decimals, such as 0.015.</source>
            <translation>Eine Zahl in BTC mit höchstens 8 Nachkommastellen, etwa 0.015.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::Banner</name>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::BatchesModel</name>
        <message>
            <source>Batch</source>
            <translation>Batch</translation>
        </message>
        <message>
            <source>Trust</source>
            <translation>Vertrauen</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wann</translation>
        </message>
        <message>
            <source>Bitcoin block</source>
            <translation>Bitcoin-Block</translation>
        </message>
        <message>
            <source>Hash</source>
            <translation>Hash</translation>
        </message>
        <message>
            <source>%1, payable</source>
            <translation>%1, auszahlbar</translation>
        </message>
        <message>
            <source>%1, sealed</source>
            <translation>%1, besiegelt</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::BridgeItemView</name>
        <message>
            <source>Take the &amp;refund</source>
            <translation>&amp;Rückzahlung nehmen</translation>
        </message>
        <message>
            <source>The committee did not finish in time. You can take the deposit back alone.</source>
            <translation>Das Komitee ist nicht rechtzeitig fertig geworden. Sie können die Einzahlung allein zurücknehmen.</translation>
        </message>
        <message>
            <source>&amp;Reclaim</source>
            <translation>&amp;Zurückfordern</translation>
        </message>
        <message>
            <source>The operator did not pay in time. Escrow and bond are yours.</source>
            <translation>Der Betreiber hat nicht rechtzeitig gezahlt. Hinterlegung und Pfand gehören Ihnen.</translation>
        </message>
        <message>
            <source>&amp;Cancel the withdrawal</source>
            <translation>Auszahlung &amp;abbrechen</translation>
        </message>
        <message>
            <source>No operator has accepted yet. You can wait, or take the escrow back now.</source>
            <translation>Noch hat kein Betreiber angenommen. Sie können warten oder die Hinterlegung jetzt zurücknehmen.</translation>
        </message>
        <message>
            <source>Your key is needed for the next step; it goes on by itself now.</source>
            <translation>Für den nächsten Schritt wird Ihr Schlüssel gebraucht; es geht jetzt von selbst weiter.</translation>
        </message>
        <message>
            <source>You are done: the operator's payment is confirmed on Bitcoin.</source>
            <translation>Sie sind fertig: Die Zahlung des Betreibers ist auf Bitcoin bestätigt.</translation>
        </message>
        <message>
            <source>You are done: the amount is on your layer-2 account.</source>
            <translation>Sie sind fertig: Der Betrag ist auf Ihrem Layer-2-Konto.</translation>
        </message>
        <message>
            <source>The layer 2 refused the request. Nothing has left your account.</source>
            <translation>Layer 2 hat die Anforderung abgelehnt. Ihr Konto hat nichts verlassen.</translation>
        </message>
        <message>
            <source>It ended, and the money is yours again.</source>
            <translation>Es ist beendet, und das Geld gehört wieder Ihnen.</translation>
        </message>
        <message>
            <source>Nothing to do now. You may close Bowline; it goes on when you are back.</source>
            <translation>Im Moment ist nichts zu tun. Sie können Bowline schließen; es geht weiter, wenn Sie zurück sind.</translation>
        </message>
        <message>
            <source>possible now</source>
            <translation>jetzt möglich</translation>
        </message>
        <message>
            <source>%1 (after block %2)</source>
            <extracomment>%1: a clock such as "3 / 40 blocks"; %2: a block height</extracomment>
            <translation>%1 (nach Block %2)</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
        <message>
            <source>Started</source>
            <translation>Begonnen</translation>
        </message>
        <message>
            <source>Copy id</source>
            <translation>Kennung kopieren</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>Kennung</translation>
        </message>
        <message>
            <source>Refund</source>
            <translation>Rückzahlung</translation>
        </message>
        <message>
            <source>Copy destination</source>
            <translation>Ziel kopieren</translation>
        </message>
        <message>
            <source>Paid to</source>
            <translation>Gezahlt an</translation>
        </message>
        <message>
            <source>Sent. The timeline follows it.</source>
            <translation>Gesendet. Der Ablauf verfolgt es.</translation>
        </message>
        <message>
            <source>Not part of your deposit; your money is not touched by it.</source>
            <translation>Nicht Teil Ihrer Einzahlung; Ihr Geld ist davon nicht berührt.</translation>
        </message>
        <message>
            <source>The claim came to nothing; the vault waits for another.</source>
            <translation>Aus dem Anspruch wurde nichts; der Tresor wartet auf einen anderen.</translation>
        </message>
        <message>
            <source>The operator has what it had paid for on the layer 2.</source>
            <translation>Der Betreiber hat, wofür er auf Layer 2 bezahlt hatte.</translation>
        </message>
        <message>
            <source>An operator turns what it burned on the layer 2 into the bitcoin of the vault.</source>
            <translation>Ein Betreiber tauscht, was er auf Layer 2 verbrannt hat, gegen die Bitcoin des Tresors.</translation>
        </message>
        <message>
            <source>Claim of the vault</source>
            <translation>Anspruch auf den Tresor</translation>
        </message>
        <message>
            <source>Kickoff</source>
            <translation>Kickoff</translation>
        </message>
        <message>
            <source>Copy id of the deposit</source>
            <translation>Kennung der Einzahlung kopieren</translation>
        </message>
        <message>
            <source>Made by deposit</source>
            <translation>Aus Einzahlung</translation>
        </message>
        <message>
            <source>The fee would be more than what comes back.</source>
            <translation>Die Gebühr wäre höher als das, was zurückkommt.</translation>
        </message>
        <message>
            <source>Fee %1; %2 comes back to your wallet.</source>
            <translation>Gebühr %1; %2 kommen in Ihre Wallet zurück.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::BridgeModel</name>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>Started</source>
            <translation>Begonnen</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::BridgePage</name>
        <message>
            <source>Bridge</source>
            <translation>Brücke</translation>
        </message>
        <message>
            <source>Deposits and withdrawals</source>
            <translation>Ein- und Auszahlungen</translation>
        </message>
        <message>
            <source>No deposits yet. Start a deposit.</source>
            <translation>Noch keine Einzahlungen. Beginnen Sie eine.</translation>
        </message>
        <message>
            <source>Start a deposit</source>
            <translation>Einzahlung beginnen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::CopyButton</name>
        <message>
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::CreateFlow</name>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Words</source>
            <translation>Wörter</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Probe</translation>
        </message>
        <message>
            <source>&amp;Continue</source>
            <translation>&amp;Weiter</translation>
        </message>
        <message>
            <source>Write these words on paper, in this order. Whoever has them has the money; without them nobody can bring it back. They cannot be copied, and are not shown again.</source>
            <translation>Schreiben Sie diese Wörter in dieser Reihenfolge auf Papier. Wer sie hat, hat das Geld; ohne sie kann es niemand zurückholen. Sie lassen sich nicht kopieren und werden nicht noch einmal gezeigt.</translation>
        </message>
        <message>
            <source>I have &amp;written them down</source>
            <translation>Ich habe sie auf&amp;geschrieben</translation>
        </message>
        <message>
            <source>Read these words from your paper.</source>
            <translation>Lesen Sie diese Wörter von Ihrem Papier ab.</translation>
        </message>
        <message>
            <source>Create &amp;wallet</source>
            <translation>&amp;Wallet anlegen</translation>
        </message>
        <message>
            <source>Word %1</source>
            <translation>Wort %1</translation>
        </message>
        <message>
            <source>This is not word %1. Look at your paper.</source>
            <translation>Das ist nicht Wort %1. Sehen Sie auf Ihr Papier.</translation>
        </message>
        <message>
            <source>Making the wallet…</source>
            <translation>Die Wallet wird angelegt…</translation>
        </message>
        <message>
            <source>Encrypting takes about a second, on purpose.</source>
            <translation>Das Verschlüsseln dauert mit Absicht etwa eine Sekunde.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::DepositPage</name>
        <message>
            <source>Deposit</source>
            <translation>Einzahlung</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>Follow</source>
            <translation>Verfolgen</translation>
        </message>
        <message>
            <source>Bring bitcoin to the layer 2</source>
            <translation>Bitcoin auf Layer 2 bringen</translation>
        </message>
        <message>
            <source>Your bitcoin is locked in vaults that only all members of the committee together can move. If they do not finish, you take it back alone.</source>
            <translation>Ihre Bitcoin werden in Tresoren verwahrt, die nur alle Mitglieder des Komitees gemeinsam bewegen können. Werden sie nicht fertig, nehmen Sie das Geld allein zurück.</translation>
        </message>
        <message>
            <source>&amp;Amount</source>
            <translation>&amp;Betrag</translation>
        </message>
        <message>
            <source>&amp;Review</source>
            <translation>&amp;Prüfen</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <source>&amp;New deposit</source>
            <translation>&amp;Neue Einzahlung</translation>
        </message>
        <message>
            <source>Enter an amount.</source>
            <translation>Geben Sie einen Betrag ein.</translation>
        </message>
        <message>
            <source>Vaults</source>
            <translation>Tresore</translation>
        </message>
        <message>
            <source>Stays in your wallet</source>
            <translation>Bleibt in Ihrer Wallet</translation>
        </message>
        <message>
            <source>Fees of the vaults</source>
            <translation>Gebühren der Tresore</translation>
        </message>
        <message>
            <source>Network fee</source>
            <translation>Netzgebühr</translation>
        </message>
        <message>
            <source>Leaves your wallet</source>
            <translation>Verlässt Ihre Wallet</translation>
        </message>
        <message>
            <source>Arrives on layer 2</source>
            <translation>Kommt auf Layer 2 an</translation>
        </message>
        <message>
            <source>Committee</source>
            <translation>Komitee</translation>
        </message>
        <message>
            <source>%1 of %1 members must sign</source>
            <translation>%1 von %1 Mitgliedern müssen unterschreiben</translation>
        </message>
        <message>
            <source>Confirmed after</source>
            <translation>Bestätigt nach</translation>
        </message>
        <message>
            <source>If they do not finish</source>
            <translation>Falls sie nicht fertig werden</translation>
        </message>
        <message>
            <source>refund by you alone after %1</source>
            <translation>Rückzahlung durch Sie allein nach %1</translation>
        </message>
        <message>
            <source>&amp;Deposit %1</source>
            <translation>%1 &amp;einzahlen</translation>
        </message>
        <message>
            <source>Available: %1</source>
            <translation>Verfügbar: %1</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::FeeChoice</name>
        <message>
            <source>Fee</source>
            <translation>Gebühr</translation>
        </message>
        <message>
            <source>Slow</source>
            <translation>Langsam</translation>
        </message>
        <message>
            <source>Normal</source>
            <translation>Normal</translation>
        </message>
        <message>
            <source>Fast</source>
            <translation>Schnell</translation>
        </message>
        <message>
            <source>Own</source>
            <translation>Eigene</translation>
        </message>
        <message>
            <source>your rate</source>
            <translation>Ihr Satz</translation>
        </message>
        <message>
            <source>Fee %1, %2</source>
            <translation>Gebühr %1, %2</translation>
        </message>
        <message>
            <source>Fee &amp;rate in sat/vB</source>
            <translation>Gebühren&amp;satz in sat/vB</translation>
        </message>
        <message>
            <source>Bowline sees blocks, not the queue before them: these rates are fixed.</source>
            <translation>Bowline sieht Blöcke, nicht die Schlange davor: Diese Sätze sind fest.</translation>
        </message>
        <message>
            <source>A number above zero with at most 3 decimals, such as 2.5.</source>
            <translation>Eine Zahl über null mit höchstens 3 Nachkommastellen, etwa 2.5.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::FlowHeader</name>
        <message>
            <source>Step %1 of %2: %3</source>
            <extracomment>For screen readers: %1 number and %2 count of steps, %3 the name of the step</extracomment>
            <translation>Schritt %1 von %2: %3</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::HomePage</name>
        <message>
            <source>The words of this wallet are not confirmed yet. Without them a broken disk means lost money.</source>
            <translation>Die Wörter dieser Wallet sind noch nicht bestätigt. Ohne sie bedeutet eine kaputte Platte verlorenes Geld.</translation>
        </message>
        <message>
            <source>Confirm words</source>
            <translation>Wörter bestätigen</translation>
        </message>
        <message>
            <source>The committee did not finish a deposit. You can take it back now.</source>
            <translation>Das Komitee hat eine Einzahlung nicht abgeschlossen. Sie können sie jetzt zurücknehmen.</translation>
        </message>
        <message>
            <source>Look at refund</source>
            <translation>Rückzahlung ansehen</translation>
        </message>
        <message>
            <source>Nobody paid a withdrawal in time. You can take escrow and bond now.</source>
            <translation>Niemand hat eine Auszahlung rechtzeitig bezahlt. Sie können jetzt Hinterlegung und Pfand nehmen.</translation>
        </message>
        <message>
            <source>Look at reclaim</source>
            <translation>Rückforderung ansehen</translation>
        </message>
        <message>
            <source>A deposit or withdrawal waits for you.</source>
            <translation>Eine Ein- oder Auszahlung wartet auf Sie.</translation>
        </message>
        <message>
            <source>The layer 2 refused one of your transactions. One that you signed after it waits, and will be carried out as soon as you send something else on the layer 2.</source>
            <translation>Layer 2 hat eine Ihrer Transaktionen abgelehnt. Eine, die Sie danach unterschrieben haben, wartet und wird ausgeführt, sobald Sie auf Layer 2 etwas anderes senden.</translation>
        </message>
        <message>
            <source>Look at it</source>
            <translation>Ansehen</translation>
        </message>
        <message>
            <source>Home</source>
            <translation>Übersicht</translation>
        </message>
        <message>
            <source>Needs you</source>
            <translation>Wartet auf Sie</translation>
        </message>
        <message>
            <source>Sync</source>
            <translation>Abgleich</translation>
        </message>
        <message>
            <source>Bitcoin</source>
            <translation>Bitcoin</translation>
        </message>
        <message>
            <source>Incoming</source>
            <translation>Eingehend</translation>
        </message>
        <message>
            <source>Outgoing</source>
            <translation>Ausgehend</translation>
        </message>
        <message>
            <source>Immature</source>
            <translation>Unreif</translation>
        </message>
        <message>
            <source>Locked in the bridge</source>
            <translation>In der Brücke gebunden</translation>
        </message>
        <message>
            <source>Layer 2</source>
            <translation>Layer 2</translation>
        </message>
        <message>
            <source>In escrow</source>
            <translation>Hinterlegt</translation>
        </message>
        <message>
            <source>Staked</source>
            <translation>Als Pfand</translation>
        </message>
        <message>
            <source>Last activity</source>
            <translation>Zuletzt</translation>
        </message>
        <message>
            <source>Nothing has happened yet. Receive some bitcoin to begin.</source>
            <translation>Noch ist nichts geschehen. Empfangen Sie zum Beginn etwas Bitcoin.</translation>
        </message>
        <message>
            <source>Receive</source>
            <translation>Empfangen</translation>
        </message>
        <message>
            <source>Partial: blocks are still being scanned</source>
            <translation>Unvollständig: Blöcke werden noch durchsucht</translation>
        </message>
        <message>
            <source>Confirmed</source>
            <translation>Bestätigt</translation>
        </message>
        <message>
            <source>Available in batch %1</source>
            <translation>Verfügbar in Batch %1</translation>
        </message>
        <message>
            <source>Verified</source>
            <translation>Geprüft</translation>
        </message>
        <message>
            <source>Synced</source>
            <translation>Abgeglichen</translation>
        </message>
        <message>
            <source>In progress</source>
            <translation>Läuft</translation>
        </message>
        <message>
            <source>Everything up to block %1 is checked on this computer.</source>
            <translation>Alles bis Block %1 ist auf diesem Rechner geprüft.</translation>
        </message>
        <message>
            <source>A peer shows blocks of the future: is the clock of this computer right?</source>
            <translation>Ein Partner zeigt Blöcke aus der Zukunft: Geht die Uhr dieses Rechners richtig?</translation>
        </message>
        <message>
            <source>Filter headers come from one peer only and could not be compared.</source>
            <translation>Filterköpfe kommen nur von einem Partner und konnten nicht verglichen werden.</translation>
        </message>
        <message>
            <source>Available in batch %1; proven up to batch %2</source>
            <translation>Verfügbar in Batch %1; bewiesen bis Batch %2</translation>
        </message>
        <message>
            <source>Available as proven</source>
            <translation>Bewiesen verfügbar</translation>
        </message>
        <message>
            <source>Proven</source>
            <translation>Bewiesen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::LayerTwoPage</name>
        <message>
            <source>Layer 2</source>
            <translation>Layer 2</translation>
        </message>
        <message>
            <source>Head</source>
            <translation>Spitze</translation>
        </message>
        <message>
            <source>Account</source>
            <translation>Konto</translation>
        </message>
        <message>
            <source>Empty: your own account</source>
            <translation>Leer: Ihr eigenes Konto</translation>
        </message>
        <message>
            <source>&amp;Key or layer-2 address</source>
            <translation>&amp;Schlüssel oder Layer-2-Adresse</translation>
        </message>
        <message>
            <source>&amp;Look up</source>
            <translation>&amp;Nachsehen</translation>
        </message>
        <message>
            <source>Batches</source>
            <translation>Batches</translation>
        </message>
        <message>
            <source>No batch was verified yet.</source>
            <translation>Noch wurde kein Batch geprüft.</translation>
        </message>
        <message>
            <source>Copy %1</source>
            <translation>%1 kopieren</translation>
        </message>
        <message>
            <source>No batch yet</source>
            <translation>Noch kein Batch</translation>
        </message>
        <message>
            <source>The layer-2 node does not answer.</source>
            <translation>Der Layer-2-Knoten antwortet nicht.</translation>
        </message>
        <message>
            <source>Batch %1</source>
            <translation>Batch %1</translation>
        </message>
        <message>
            <source>Made %1, on Bitcoin block %2</source>
            <translation>Entstanden %1, auf Bitcoin-Block %2</translation>
        </message>
        <message>
            <source>Proven up to batch %1, checked on this computer</source>
            <translation>Bewiesen bis Batch %1, auf diesem Rechner geprüft</translation>
        </message>
        <message>
            <source>No batch is proven yet</source>
            <translation>Noch ist kein Batch bewiesen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::NetworkPage</name>
        <message>
            <source>Network</source>
            <translation>Netzwerk</translation>
        </message>
        <message>
            <source>Syncing</source>
            <translation>Abgleich</translation>
        </message>
        <message>
            <source>Bitcoin peers</source>
            <translation>Bitcoin-Partner</translation>
        </message>
        <message>
            <source>No peer yet. Bowline goes on looking for one.</source>
            <translation>Noch kein Partner. Bowline sucht weiter.</translation>
        </message>
        <message>
            <source>Bitcoin tip</source>
            <translation>Bitcoin-Spitze</translation>
        </message>
        <message>
            <source>Copy block hash</source>
            <translation>Block-Hash kopieren</translation>
        </message>
        <message>
            <source>Layer-2 node</source>
            <translation>Layer-2-Knoten</translation>
        </message>
        <message>
            <source>Synced</source>
            <translation>Abgeglichen</translation>
        </message>
        <message>
            <source>In progress</source>
            <translation>Läuft</translation>
        </message>
        <message>
            <source>Answers, batch %1</source>
            <translation>Antwortet, Batch %1</translation>
        </message>
        <message>
            <source>Does not answer</source>
            <translation>Antwortet nicht</translation>
        </message>
        <message>
            <source>Block %1</source>
            <translation>Block %1</translation>
        </message>
        <message>
            <source>Found %1</source>
            <translation>Gefunden %1</translation>
        </message>
        <message>
            <source>No block for 90 minutes</source>
            <translation>Seit 90 Minuten kein Block</translation>
        </message>
        <message>
            <source>That is rare. Balances may be out of date; your connection or all of your peers may be stuck.</source>
            <translation>Das ist selten. Guthaben sind vielleicht veraltet; Ihre Verbindung oder alle Ihre Partner hängen womöglich.</translation>
        </message>
        <message>
            <source>Do not rely on it</source>
            <translation>Nicht verlässlich</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::NewWalletForm</name>
        <message>
            <source>&amp;Name of the wallet</source>
            <translation>&amp;Name der Wallet</translation>
        </message>
        <message>
            <source>&amp;Password</source>
            <translation>&amp;Passwort</translation>
        </message>
        <message>
            <source>Password &amp;again</source>
            <translation>Passwort noch &amp;einmal</translation>
        </message>
        <message>
            <source>Encrypts the file on this computer. The words restore the wallet without it.</source>
            <translation>Verschlüsselt die Datei auf diesem Rechner. Die Wörter stellen die Wallet ohne es wieder her.</translation>
        </message>
        <message>
            <source>Give the wallet a name.</source>
            <translation>Geben Sie der Wallet einen Namen.</translation>
        </message>
        <message numerus="yes">
            <source>At least %n character(s).</source>
            <translation>
                <numerusform>Mindestens %n Zeichen.</numerusform>
                <numerusform>Mindestens %n Zeichen.</numerusform>
            </translation>
        </message>
        <message>
            <source>The two passwords differ.</source>
            <translation>Die beiden Passwörter sind verschieden.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::PeersModel</name>
        <message>
            <source>Connecting</source>
            <translation>Verbindet</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>Height</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <source>Ping</source>
            <translation>Ping</translation>
        </message>
        <message>
            <source>Remarks</source>
            <translation>Bemerkungen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ProgressLines</name>
        <message>
            <source>Peers</source>
            <translation>Partner</translation>
        </message>
        <message>
            <source>Block headers</source>
            <translation>Blockköpfe</translation>
        </message>
        <message>
            <source>Filter headers</source>
            <translation>Filterköpfe</translation>
        </message>
        <message>
            <source>Filters and scan</source>
            <translation>Filter und Suche</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 von %2</translation>
        </message>
        <message>
            <source>%1/s</source>
            <extracomment>A rate: %1 items per second</extracomment>
            <translation>%1/s</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ProofPanel</name>
        <message>
            <source>Proof</source>
            <translation>Beweis</translation>
        </message>
        <message>
            <source>checked</source>
            <translation>geprüft</translation>
        </message>
        <message>
            <source>State root of batch %1</source>
            <translation>Zustandswurzel von Batch %1</translation>
        </message>
        <message>
            <source>Copy state root</source>
            <translation>Zustandswurzel kopieren</translation>
        </message>
        <message>
            <source>Answered by %1</source>
            <translation>Beantwortet von %1</translation>
        </message>
        <message>
            <source>Header</source>
            <translation>Kopf</translation>
        </message>
        <message>
            <source>Copy header</source>
            <translation>Kopf kopieren</translation>
        </message>
        <message>
            <source>Signature</source>
            <translation>Unterschrift</translation>
        </message>
        <message>
            <source>Copy signature</source>
            <translation>Unterschrift kopieren</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>Pfad</translation>
        </message>
        <message>
            <source>Copy path</source>
            <translation>Pfad kopieren</translation>
        </message>
        <message>
            <source>Batch hash</source>
            <translation>Hash des Batches</translation>
        </message>
        <message>
            <source>Copy batch hash</source>
            <translation>Hash des Batches kopieren</translation>
        </message>
        <message>
            <source>Hash of the batch before</source>
            <translation>Hash des vorigen Batches</translation>
        </message>
        <message>
            <source>Copy hash of the batch before</source>
            <translation>Hash des vorigen Batches kopieren</translation>
        </message>
        <message>
            <source>Bitcoin block %1</source>
            <translation>Bitcoin-Block %1</translation>
        </message>
        <message>
            <source>Copy block hash</source>
            <translation>Block-Hash kopieren</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::QrView</name>
        <message>
            <source>QR code</source>
            <translation>QR-Code</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ReceivePage</name>
        <message>
            <source>Receive</source>
            <translation>Empfangen</translation>
        </message>
        <message>
            <source>&amp;Bitcoin</source>
            <translation>&amp;Bitcoin</translation>
        </message>
        <message>
            <source>&amp;Layer 2</source>
            <translation>&amp;Layer 2</translation>
        </message>
        <message>
            <source>Copy payment link</source>
            <translation>Zahlungslink kopieren</translation>
        </message>
        <message>
            <source>Your address</source>
            <translation>Ihre Adresse</translation>
        </message>
        <message>
            <source>Copy address</source>
            <translation>Adresse kopieren</translation>
        </message>
        <message>
            <source>The code holds a payment link with this address.</source>
            <translation>Der Code enthält einen Zahlungslink mit dieser Adresse.</translation>
        </message>
        <message>
            <source>&amp;What is it for? (only you see this)</source>
            <translation>&amp;Wofür ist es? (nur Sie sehen das)</translation>
        </message>
        <message>
            <source>&amp;Taproot</source>
            <translation>&amp;Taproot</translation>
        </message>
        <message>
            <source>&amp;SegWit, for older senders</source>
            <translation>&amp;SegWit, für ältere Sender</translation>
        </message>
        <message>
            <source>New &amp;address</source>
            <translation>Neue &amp;Adresse</translation>
        </message>
        <message>
            <source>A new address each time keeps your payments apart for others.</source>
            <translation>Jedes Mal eine neue Adresse hält Ihre Zahlungen für andere auseinander.</translation>
        </message>
        <message>
            <source>Your layer-2 address</source>
            <translation>Ihre Layer-2-Adresse</translation>
        </message>
        <message>
            <source>Copy layer-2 address</source>
            <translation>Layer-2-Adresse kopieren</translation>
        </message>
        <message>
            <source>For payments on the layer 2 only: bitcoin from outside comes in by a deposit. This is your account, and it stays the same.</source>
            <translation>Nur für Zahlungen auf Layer 2: Bitcoin von außen kommen durch eine Einzahlung herein. Das ist Ihr Konto, und es bleibt dasselbe.</translation>
        </message>
        <message>
            <source>Payment link for %1</source>
            <translation>Zahlungslink für %1</translation>
        </message>
        <message>
            <source>Used</source>
            <translation>Benutzt</translation>
        </message>
        <message>
            <source>Not used yet</source>
            <translation>Noch unbenutzt</translation>
        </message>
        <message>
            <source>Layer-2 address %1</source>
            <translation>Layer-2-Adresse %1</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::RestoreForm</name>
        <message>
            <source>&amp;Words, with spaces between</source>
            <translation>&amp;Wörter, mit Leerzeichen dazwischen</translation>
        </message>
        <message>
            <source>Passphrase &amp;of the words</source>
            <translation>Passphrase &amp;der Wörter</translation>
        </message>
        <message>
            <source>Only if you chose one when the wallet was made. Most wallets have none.</source>
            <translation>Nur falls Sie beim Anlegen der Wallet eine gewählt haben. Die meisten haben keine.</translation>
        </message>
        <message>
            <source>I do not know: scan everything</source>
            <translation>Weiß ich nicht: alles durchsuchen</translation>
        </message>
        <message>
            <source>In the last month</source>
            <translation>Im letzten Monat</translation>
        </message>
        <message>
            <source>In the last year</source>
            <translation>Im letzten Jahr</translation>
        </message>
        <message>
            <source>In the last three years</source>
            <translation>In den letzten drei Jahren</translation>
        </message>
        <message>
            <source>When was the wallet &amp;made?</source>
            <translation>Wann wurde die Wallet &amp;angelegt?</translation>
        </message>
        <message>
            <source>&amp;Restore wallet</source>
            <translation>Wallet &amp;wiederherstellen</translation>
        </message>
        <message>
            <source>There are 12, 15, 18, 21 or 24 words; these are %1.</source>
            <translation>Es gibt 12, 15, 18, 21 oder 24 Wörter; dies sind %1.</translation>
        </message>
        <message>
            <source>Restoring the wallet…</source>
            <translation>Die Wallet wird wiederhergestellt…</translation>
        </message>
        <message>
            <source>Encrypting takes about a second, on purpose.</source>
            <translation>Das Verschlüsseln dauert mit Absicht etwa eine Sekunde.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ReviewCard</name>
        <message>
            <source>under 0.01 %</source>
            <translation>unter 0.01 %</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <source>Copy recipient</source>
            <translation>Empfänger kopieren</translation>
        </message>
        <message>
            <source>To</source>
            <translation>An</translation>
        </message>
        <message>
            <source>They receive</source>
            <translation>Erhält</translation>
        </message>
        <message>
            <source>Network fee</source>
            <translation>Netzgebühr</translation>
        </message>
        <message>
            <source>Fee rate</source>
            <translation>Gebührensatz</translation>
        </message>
        <message>
            <source>%1 of the amount</source>
            <translation>%1 des Betrags</translation>
        </message>
        <message>
            <source>Coins</source>
            <translation>Münzen</translation>
        </message>
        <message numerus="yes">
            <source>%n coin(s) spent</source>
            <translation>
                <numerusform>%n Münze ausgegeben</numerusform>
                <numerusform>%n Münzen ausgegeben</numerusform>
            </translation>
        </message>
        <message>
            <source>Change back to you</source>
            <translation>Wechselgeld an Sie</translation>
        </message>
        <message>
            <source>Leaves your wallet</source>
            <translation>Verlässt Ihre Wallet</translation>
        </message>
        <message>
            <source>&amp;Send %1</source>
            <translation>%1 &amp;senden</translation>
        </message>
        <message>
            <source>Layer-2 fee</source>
            <translation>Layer-2-Gebühr</translation>
        </message>
        <message>
            <source>Leaves your account</source>
            <translation>Verlässt Ihr Konto</translation>
        </message>
        <message>
            <source>Sending…</source>
            <extracomment>%1: the text of the button, such as "Send 0.1 BTC"; %2: seconds until it can be pressed</extracomment>
            <translation>Wird gesendet…</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <translation>%1 (%2)</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::SendPage</name>
        <message>
            <source>Send</source>
            <translation>Senden</translation>
        </message>
        <message>
            <source>&amp;Bitcoin</source>
            <translation>&amp;Bitcoin</translation>
        </message>
        <message>
            <source>&amp;Layer 2</source>
            <translation>&amp;Layer 2</translation>
        </message>
        <message>
            <source>Recipient</source>
            <translation>Empfänger</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>Sent</source>
            <translation>Gesendet</translation>
        </message>
        <message>
            <source>&amp;To (address or payment link)</source>
            <translation>&amp;An (Adresse oder Zahlungslink)</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
        <message>
            <source>&amp;Amount</source>
            <translation>&amp;Betrag</translation>
        </message>
        <message>
            <source>Send &amp;everything</source>
            <translation>&amp;Alles senden</translation>
        </message>
        <message>
            <source>&amp;Review</source>
            <translation>&amp;Prüfen</translation>
        </message>
        <message>
            <source>Copy transaction id</source>
            <translation>Transaktionskennung kopieren</translation>
        </message>
        <message>
            <source>Send &amp;another</source>
            <translation>&amp;Weitere senden</translation>
        </message>
        <message>
            <source>&amp;To (layer-2 address)</source>
            <translation>&amp;An (Layer-2-Adresse)</translation>
        </message>
        <message>
            <source>Enter an address.</source>
            <translation>Geben Sie eine Adresse ein.</translation>
        </message>
        <message>
            <source>Enter an amount.</source>
            <translation>Geben Sie einen Betrag ein.</translation>
        </message>
        <message>
            <source>The payment is on its way to the next batch.</source>
            <translation>Die Zahlung ist auf dem Weg in den nächsten Batch.</translation>
        </message>
        <message>
            <source>The payment was handed to the network. It counts once it is in a block.</source>
            <translation>Die Zahlung wurde dem Netz übergeben. Sie zählt, sobald sie in einem Block ist.</translation>
        </message>
        <message>
            <source>Available: %1</source>
            <translation>Verfügbar: %1</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::SettingsPage</name>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>Fenster</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>sat (0.00000001 BTC)</source>
            <translation>sat (0.00000001 BTC)</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>Nie</translation>
        </message>
        <message numerus="yes">
            <source>After %n minute(s)</source>
            <translation>
                <numerusform>Nach %n Minute</numerusform>
                <numerusform>Nach %n Minuten</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Hide amounts</source>
            <translation>Beträge &amp;verbergen</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>&amp;Erscheinungsbild</translation>
        </message>
        <message>
            <source>&amp;Unit of amounts</source>
            <translation>E&amp;inheit der Beträge</translation>
        </message>
        <message>
            <source>Lan&amp;guage (from the next start)</source>
            <translation>S&amp;prache (ab dem nächsten Start)</translation>
        </message>
        <message>
            <source>&amp;Lock without use</source>
            <translation>Ohne Benutzung &amp;sperren</translation>
        </message>
        <message>
            <source>Confirm the words</source>
            <translation>Die Wörter bestätigen</translation>
        </message>
        <message>
            <source>Type all words from your paper. They are compared and forgotten.</source>
            <translation>Tippen Sie alle Wörter von Ihrem Papier. Sie werden verglichen und vergessen.</translation>
        </message>
        <message>
            <source>&amp;Words, with spaces between</source>
            <translation>&amp;Wörter, mit Leerzeichen dazwischen</translation>
        </message>
        <message>
            <source>&amp;Confirm words</source>
            <translation>Wörter &amp;bestätigen</translation>
        </message>
        <message>
            <source>Change password</source>
            <translation>Passwort ändern</translation>
        </message>
        <message>
            <source>&amp;New password</source>
            <translation>&amp;Neues Passwort</translation>
        </message>
        <message>
            <source>New password &amp;again</source>
            <translation>Neues Passwort noch ein&amp;mal</translation>
        </message>
        <message>
            <source>Change &amp;password</source>
            <translation>Passwort än&amp;dern</translation>
        </message>
        <message>
            <source>&amp;Old password</source>
            <translation>Altes Passw&amp;ort</translation>
        </message>
        <message>
            <source>About</source>
            <translation>Über</translation>
        </message>
        <message>
            <source>A wallet and light client for Bitcoin and a layer 2 on it. The chain is checked on this computer. The state of the layer 2 is checked against its root; the root itself is not proven yet, and the bridge runs on test networks only.</source>
            <translation>Wallet und leichter Client für Bitcoin und ein Layer 2 darauf. Die Blockchain wird auf diesem Rechner geprüft. Der Zustand des Layer 2 wird gegen seine Wurzel geprüft; die Wurzel selbst ist noch nicht bewiesen, und die Brücke läuft nur auf Testnetzen.</translation>
        </message>
        <message>
            <source>Free software under the MIT licence. Made with Qt (LGPL), libsecp256k1, OpenSSL, SQLite, Boost and libqrencode.</source>
            <translation>Freie Software unter der MIT-Lizenz. Gemacht mit Qt (LGPL), libsecp256k1, OpenSSL, SQLite, Boost und libqrencode.</translation>
        </message>
        <message>
            <source>The words are right. Keep the paper safe.</source>
            <translation>Die Wörter stimmen. Verwahren Sie das Papier sicher.</translation>
        </message>
        <message numerus="yes">
            <source>At least %n character(s).</source>
            <translation>
                <numerusform>Mindestens %n Zeichen.</numerusform>
                <numerusform>Mindestens %n Zeichen.</numerusform>
            </translation>
        </message>
        <message>
            <source>The two passwords differ.</source>
            <translation>Die beiden Passwörter sind verschieden.</translation>
        </message>
        <message>
            <source>Changing the password…</source>
            <translation>Das Passwort wird geändert…</translation>
        </message>
        <message>
            <source>The password was changed.</source>
            <translation>Das Passwort wurde geändert.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::Shell</name>
        <message>
            <source>Home</source>
            <translation>Übersicht</translation>
        </message>
        <message>
            <source>Receive</source>
            <translation>Empfangen</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>Senden</translation>
        </message>
        <message>
            <source>Deposit</source>
            <translation>Einzahlung</translation>
        </message>
        <message>
            <source>Withdraw</source>
            <translation>Auszahlen</translation>
        </message>
        <message>
            <source>Bridge</source>
            <translation>Brücke</translation>
        </message>
        <message>
            <source>Layer 2</source>
            <translation>Layer 2</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Netzwerk</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>%1 (Ctrl+%2)</source>
            <extracomment>%1: name of a page, %2: digit</extracomment>
            <translation>%1 (Strg+%2)</translation>
        </message>
        <message>
            <source>Hide amounts</source>
            <translation>Beträge verbergen</translation>
        </message>
        <message>
            <source>Dark theme</source>
            <translation>Dunkles Erscheinungsbild</translation>
        </message>
        <message>
            <source>Lock (Ctrl+L)</source>
            <translation>Sperren (Strg+L)</translation>
        </message>
        <message>
            <source>Show amounts</source>
            <translation>Beträge zeigen</translation>
        </message>
        <message>
            <source>Light theme</source>
            <translation>Helles Erscheinungsbild</translation>
        </message>
        <message numerus="yes">
            <source>%n peer(s)</source>
            <translation>
                <numerusform>%n Partner</numerusform>
                <numerusform>%n Partner</numerusform>
            </translation>
        </message>
        <message>
            <source>Block %1, %2</source>
            <translation>Block %1, %2</translation>
        </message>
        <message>
            <source>Layer 2: batch %1</source>
            <translation>Layer 2: Batch %1</translation>
        </message>
        <message>
            <source>Layer 2: no answer</source>
            <translation>Layer 2: keine Antwort</translation>
        </message>
        <message>
            <source>Layer 2: do not rely on it</source>
            <translation>Layer 2: nicht verlässlich</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::StepRow</name>
        <message>
            <source>done</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>now</source>
            <translation>jetzt</translation>
        </message>
        <message>
            <source>later</source>
            <translation>später</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>gescheitert</translation>
        </message>
        <message>
            <source>not needed so far</source>
            <translation>bisher nicht nötig</translation>
        </message>
        <message>
            <source>Copy transaction id</source>
            <translation>Transaktionskennung kopieren</translation>
        </message>
        <message>
            <source>Block %1</source>
            <translation>Block %1</translation>
        </message>
        <message>
            <source>%1: %2. %3</source>
            <extracomment>For screen readers: %1 name of the step, %2 its state, %3 who acts</extracomment>
            <translation>%1: %2. %3</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::TimelineView</name>
        <message>
            <source>Not part of your withdrawal</source>
            <translation>Nicht Teil Ihrer Auszahlung</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::UnlockForm</name>
        <message>
            <source>&amp;Password</source>
            <translation>&amp;Passwort</translation>
        </message>
        <message>
            <source>&amp;Unlock</source>
            <translation>&amp;Entsperren</translation>
        </message>
        <message>
            <source>&amp;Wallet</source>
            <translation>&amp;Wallet</translation>
        </message>
        <message>
            <source>Enter the password.</source>
            <translation>Geben Sie das Passwort ein.</translation>
        </message>
        <message>
            <source>Unlocking…</source>
            <translation>Wird entsperrt…</translation>
        </message>
        <message>
            <source>The password is wrong. Check Caps Lock and keyboard layout.</source>
            <translation>Das Passwort ist falsch. Prüfen Sie Feststelltaste und Tastaturbelegung.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::VerdictBadge</name>
        <message>
            <source>Verified, root not proven yet</source>
            <translation>Geprüft, Wurzel noch nicht bewiesen</translation>
        </message>
        <message>
            <source>Verified</source>
            <translation>Geprüft</translation>
        </message>
        <message>
            <source>Not verified</source>
            <translation>Nicht geprüft</translation>
        </message>
        <message>
            <source>Invalid answer</source>
            <translation>Ungültige Antwort</translation>
        </message>
        <message>
            <source>Show &amp;proof</source>
            <translation>Beweis &amp;zeigen</translation>
        </message>
        <message>
            <source>Hide &amp;proof</source>
            <translation>Beweis &amp;verbergen</translation>
        </message>
        <message>
            <source>Verified and proven</source>
            <translation>Geprüft und bewiesen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::WelcomePage</name>
        <message>
            <source>Your keys, your own check of the chain.</source>
            <translation>Ihre Schlüssel, Ihre eigene Prüfung der Blockchain.</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <source>Create a &amp;new wallet</source>
            <translation>&amp;Neue Wallet anlegen</translation>
        </message>
        <message>
            <source>R&amp;estore from words</source>
            <translation>Aus Wörtern &amp;wiederherstellen</translation>
        </message>
        <message>
            <source>There is no wallet on this computer yet. Create one, or restore one from the words you wrote down.</source>
            <translation>Auf diesem Rechner ist noch keine Wallet. Legen Sie eine an, oder stellen Sie eine aus Ihren aufgeschriebenen Wörtern wieder her.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::WithdrawPage</name>
        <message>
            <source>Withdraw</source>
            <translation>Auszahlen</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>Follow</source>
            <translation>Verfolgen</translation>
        </message>
        <message>
            <source>Take bitcoin from the layer 2</source>
            <translation>Bitcoin von Layer 2 holen</translation>
        </message>
        <message>
            <source>An operator pays you on Bitcoin from its own money and gets the escrow for it. If nobody pays in time, you get the escrow back and the operator's bond.</source>
            <translation>Ein Betreiber zahlt Ihnen auf Bitcoin aus eigenem Geld und bekommt dafür die Hinterlegung. Zahlt niemand rechtzeitig, bekommen Sie die Hinterlegung zurück und das Pfand des Betreibers.</translation>
        </message>
        <message>
            <source>&amp;Amount</source>
            <translation>&amp;Betrag</translation>
        </message>
        <message>
            <source>&amp;To (Bitcoin address)</source>
            <translation>&amp;An (Bitcoin-Adresse)</translation>
        </message>
        <message>
            <source>&amp;Use an address of this wallet</source>
            <translation>Adresse &amp;dieser Wallet nehmen</translation>
        </message>
        <message>
            <source>&amp;Review</source>
            <translation>&amp;Prüfen</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <source>&amp;New withdrawal</source>
            <translation>&amp;Neue Auszahlung</translation>
        </message>
        <message>
            <source>Withdrawal</source>
            <translation>Auszahlung</translation>
        </message>
        <message>
            <source>Enter an amount.</source>
            <translation>Geben Sie einen Betrag ein.</translation>
        </message>
        <message>
            <source>Enter a Bitcoin address.</source>
            <translation>Geben Sie eine Bitcoin-Adresse ein.</translation>
        </message>
        <message>
            <source>Copy recipient</source>
            <translation>Empfänger kopieren</translation>
        </message>
        <message>
            <source>Paid to</source>
            <translation>Gezahlt an</translation>
        </message>
        <message>
            <source>You receive on Bitcoin</source>
            <translation>Sie erhalten auf Bitcoin</translation>
        </message>
        <message>
            <source>Operator's fee</source>
            <translation>Gebühr des Betreibers</translation>
        </message>
        <message>
            <source>Layer-2 fee</source>
            <translation>Layer-2-Gebühr</translation>
        </message>
        <message>
            <source>Leaves your account</source>
            <translation>Verlässt Ihr Konto</translation>
        </message>
        <message>
            <source>Once accepted, paid within</source>
            <translation>Nach der Annahme gezahlt binnen</translation>
        </message>
        <message>
            <source>If nobody pays, back after</source>
            <translation>Zahlt niemand, zurück nach</translation>
        </message>
        <message>
            <source>&amp;Withdraw %1</source>
            <translation>%1 &amp;auszahlen</translation>
        </message>
        <message>
            <source>Available: %1</source>
            <translation>Verfügbar: %1</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::WordsView</name>
        <message>
            <source>The words of the new wallet</source>
            <translation>Die Wörter der neuen Wallet</translation>
        </message>
    </context>
</TS>
