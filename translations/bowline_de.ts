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
        <message>
            <source>Your money has nothing to do with it.</source>
            <translation>Ihr Geld hat damit nichts zu tun.</translation>
        </message>
        <message>
            <source>There is no node to prove for.</source>
            <translation>Es gibt keinen Knoten, für den bewiesen werden kann.</translation>
        </message>
        <message>
            <source>Enter the address of a node on the Prover page.</source>
            <translation>Geben Sie auf der Seite Beweiser die Adresse eines Knotens ein.</translation>
        </message>
        <message>
            <source>The node's access token is missing.</source>
            <translation>Das Zugangszeichen des Knotens fehlt.</translation>
        </message>
        <message>
            <source>Ask the node's owner for the file access.token, and enter its place.</source>
            <translation>Bitten Sie den Besitzer des Knotens um die Datei access.token, und geben Sie ein, wo sie liegt.</translation>
        </message>
        <message>
            <source>These settings of the prover cannot be used.</source>
            <translation>Diese Einstellungen des Beweisers sind nicht möglich.</translation>
        </message>
        <message>
            <source>Choose what this computer has, and check the node's address.</source>
            <translation>Wählen Sie, was dieser Rechner hat, und prüfen Sie die Adresse des Knotens.</translation>
        </message>
        <message>
            <source>The program that proves is not installed.</source>
            <translation>Das Programm, das beweist, ist nicht installiert.</translation>
        </message>
        <message>
            <source>Put bowlined into the folder of Bowline, or install Bowline again.</source>
            <translation>Legen Sie bowlined in den Ordner von Bowline, oder installieren Sie Bowline neu.</translation>
        </message>
        <message>
            <source>The measurement came to no result.</source>
            <translation>Die Messung hat nichts ergeben.</translation>
        </message>
        <message>
            <source>Close what uses much memory or time, and measure again.</source>
            <translation>Schließen Sie, was viel Speicher oder Zeit braucht, und messen Sie noch einmal.</translation>
        </message>
        <message>
            <source>A file of the prover cannot be read or written.</source>
            <translation>Eine Datei des Beweisers kann nicht gelesen oder geschrieben werden.</translation>
        </message>
        <message>
            <source>Check that the disk has room and the data folder can be written.</source>
            <translation>Prüfen Sie, ob die Platte Raum hat und der Datenordner beschreibbar ist.</translation>
        </message>
        <message>
            <source>Looking moves no money.</source>
            <translation>Nachsehen bewegt kein Geld.</translation>
        </message>
        <message>
            <source>Nothing on the layer 2 is called like this.</source>
            <translation>So heißt nichts auf Layer 2.</translation>
        </message>
        <message>
            <source>Enter a number, a hash, a key or an address.</source>
            <translation>Eine Nummer, einen Hash, einen Schlüssel oder eine Adresse eingeben.</translation>
        </message>
        <message>
            <source>The node knows nothing of that name.</source>
            <translation>Der Knoten kennt nichts dieses Namens.</translation>
        </message>
        <message>
            <source>Check what you entered, or ask another node.</source>
            <translation>Die Eingabe prüfen oder einen anderen Knoten fragen.</translation>
        </message>
        <message>
            <source>This answer is too old to go on with.</source>
            <translation>Diese Antwort ist zu alt, um damit weiterzumachen.</translation>
        </message>
        <message>
            <source>Look it up again.</source>
            <translation>Noch einmal nachsehen.</translation>
        </message>
        <message>
            <source>This is not the address of another node.</source>
            <translation>Das ist nicht die Adresse eines anderen Knotens.</translation>
        </message>
        <message>
            <source>Enter the address of a node other than your own.</source>
            <translation>Die Adresse eines anderen Knotens als des eigenen eingeben.</translation>
        </message>
        <message>
            <source>That batch is no longer part of the history.</source>
            <translation>Dieser Batch gehört nicht mehr zur Geschichte.</translation>
        </message>
        <message>
            <source>A Bitcoin block with a seal could not be fetched.</source>
            <translation>Ein Bitcoin-Block mit einem Siegel war nicht zu bekommen.</translation>
        </message>
        <message>
            <source>Wait until Bitcoin peers are connected, then try again.</source>
            <translation>Warten, bis Bitcoin-Partner verbunden sind, dann noch einmal versuchen.</translation>
        </message>
        <message>
            <source>The history is too long for one file.</source>
            <translation>Die Geschichte ist zu lang für eine Datei.</translation>
        </message>
        <message>
            <source>Such long histories cannot be saved yet.</source>
            <translation>So lange Geschichten lassen sich noch nicht sichern.</translation>
        </message>
        <message>
            <source>The file would not stand up to its own checks.</source>
            <translation>Die Datei würde ihren eigenen Prüfungen nicht standhalten.</translation>
        </message>
        <message>
            <source>Nothing was written. Wait until syncing is done and look it up again.</source>
            <translation>Nichts wurde geschrieben. Warten, bis der Abgleich fertig ist, und noch einmal nachsehen.</translation>
        </message>
        <message>
            <source>The file cannot be read.</source>
            <translation>Die Datei ist nicht lesbar.</translation>
        </message>
        <message>
            <source>Check that it exists and that you may read it.</source>
            <translation>Prüfen, ob es sie gibt und ob sie gelesen werden darf.</translation>
        </message>
        <message>
            <source>The file could not be written.</source>
            <translation>Die Datei war nicht zu schreiben.</translation>
        </message>
        <message>
            <source>Choose another folder, or free some space.</source>
            <translation>Einen anderen Ordner wählen oder Platz schaffen.</translation>
        </message>
        <message>
            <source>This is no proof file, or a damaged one.</source>
            <translation>Das ist keine Beweisdatei, oder eine beschädigte.</translation>
        </message>
        <message>
            <source>Ask for the file again. Nothing in it was believed.</source>
            <translation>Die Datei noch einmal verlangen. Nichts darin wurde geglaubt.</translation>
        </message>
        <message>
            <source>The file was changed after it was made.</source>
            <translation>Die Datei wurde verändert, nachdem sie entstanden war.</translation>
        </message>
        <message>
            <source>The file is of a newer version.</source>
            <translation>Die Datei ist von einer neueren Version.</translation>
        </message>
        <message>
            <source>Open it with a newer Bowline.</source>
            <translation>Mit einem neueren Bowline öffnen.</translation>
        </message>
        <message>
            <source>The proof file does not check out.</source>
            <translation>Die Beweisdatei besteht die Prüfung nicht.</translation>
        </message>
    </context>
    <context>
        <name>Explorer</name>
        <message>
            <source>Seals and programs, as the layer 2 knows them</source>
            <translation>Siegel und Programme, wie Layer 2 sie kennt</translation>
        </message>
        <message>
            <source>Earlier batch</source>
            <translation>Früherer Batch</translation>
        </message>
        <message>
            <source>Seal shown to the program</source>
            <translation>Siegel dem Programm gezeigt</translation>
        </message>
        <message>
            <source>Change of program announced</source>
            <translation>Programmwechsel angekündigt</translation>
        </message>
        <message>
            <source>Announced program</source>
            <translation>Angekündigtes Programm</translation>
        </message>
        <message>
            <source>Delay in Bitcoin blocks</source>
            <translation>Frist in Bitcoin-Blöcken</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Batch</translation>
        </message>
        <message>
            <source>Account</source>
            <translation>Konto</translation>
        </message>
        <message>
            <source>Transaction</source>
            <translation>Transaktion</translation>
        </message>
        <message>
            <source>Deposit (vault)</source>
            <translation>Einzahlung (Tresor)</translation>
        </message>
        <message>
            <source>Withdrawal</source>
            <translation>Auszahlung</translation>
        </message>
        <message>
            <source>Operator</source>
            <translation>Betreiber</translation>
        </message>
        <message>
            <source>Payment of a withdrawal</source>
            <translation>Bezahlung einer Auszahlung</translation>
        </message>
        <message>
            <source>Claim of a vault</source>
            <translation>Anspruch auf einen Tresor</translation>
        </message>
        <message>
            <source>Sums of the layer 2</source>
            <translation>Summen von Layer 2</translation>
        </message>
        <message>
            <source>The layer 2's view of Bitcoin</source>
            <translation>Bitcoin aus Sicht von Layer 2</translation>
        </message>
        <message>
            <source>Bitcoin block</source>
            <translation>Bitcoin-Block</translation>
        </message>
        <message>
            <source>Object</source>
            <translation>Objekt</translation>
        </message>
        <message>
            <source>Payment</source>
            <translation>Zahlung</translation>
        </message>
        <message>
            <source>Deposit credited</source>
            <translation>Einzahlung gutgeschrieben</translation>
        </message>
        <message>
            <source>Withdrawal requested</source>
            <translation>Auszahlung verlangt</translation>
        </message>
        <message>
            <source>Withdrawal accepted</source>
            <translation>Auszahlung angenommen</translation>
        </message>
        <message>
            <source>Withdrawal paid</source>
            <translation>Auszahlung bezahlt</translation>
        </message>
        <message>
            <source>Withdrawal reclaimed</source>
            <translation>Auszahlung zurückgeholt</translation>
        </message>
        <message>
            <source>Operator registered</source>
            <translation>Betreiber angemeldet</translation>
        </message>
        <message>
            <source>Operator left</source>
            <translation>Betreiber ausgeschieden</translation>
        </message>
        <message>
            <source>Vault claimed</source>
            <translation>Tresor beansprucht</translation>
        </message>
        <message>
            <source>Claim voided</source>
            <translation>Anspruch verfallen</translation>
        </message>
        <message>
            <source>Claim settled</source>
            <translation>Anspruch abgeschlossen</translation>
        </message>
        <message>
            <source>Acceptance</source>
            <translation>Annahme</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
        </message>
        <message>
            <source>Anchor (Bitcoin transaction)</source>
            <translation>Anker (Bitcoin-Transaktion)</translation>
        </message>
        <message>
            <source>Anchors</source>
            <translation>Anker</translation>
        </message>
        <message>
            <source>Balance</source>
            <translation>Guthaben</translation>
        </message>
        <message>
            <source>Hash of the batch</source>
            <translation>Hash des Batches</translation>
        </message>
        <message>
            <source>Bitcoin network</source>
            <translation>Bitcoin-Netz</translation>
        </message>
        <message>
            <source>Hash of the block</source>
            <translation>Hash des Blocks</translation>
        </message>
        <message>
            <source>Bond</source>
            <translation>Bürgschaft</translation>
        </message>
        <message>
            <source>Burn (transaction)</source>
            <translation>Vernichtung (Transaktion)</translation>
        </message>
        <message>
            <source>Burned in all</source>
            <translation>Insgesamt vernichtet</translation>
        </message>
        <message>
            <source>Chain id</source>
            <translation>Kennung der Kette</translation>
        </message>
        <message>
            <source>Hash of the checkpoint</source>
            <translation>Hash des Ausgangspunkts</translation>
        </message>
        <message>
            <source>Checkpoint (Bitcoin block)</source>
            <translation>Ausgangspunkt (Bitcoin-Block)</translation>
        </message>
        <message>
            <source>Claim</source>
            <translation>Anspruch</translation>
        </message>
        <message>
            <source>Claims</source>
            <translation>Ansprüche</translation>
        </message>
        <message>
            <source>Key of the committee</source>
            <translation>Schlüssel des Komitees</translation>
        </message>
        <message>
            <source>Confirmations</source>
            <translation>Bestätigungen</translation>
        </message>
        <message>
            <source>Hash of the confirmed block</source>
            <translation>Hash des bestätigten Blocks</translation>
        </message>
        <message>
            <source>Confirmed block</source>
            <translation>Bestätigter Block</translation>
        </message>
        <message>
            <source>Hash of all data</source>
            <translation>Hash aller Daten</translation>
        </message>
        <message>
            <source>Deposit id</source>
            <translation>Kennung der Einzahlung</translation>
        </message>
        <message>
            <source>Entries of the history</source>
            <translation>Einträge der Geschichte</translation>
        </message>
        <message>
            <source>Exists</source>
            <translation>Vorhanden</translation>
        </message>
        <message>
            <source>Chain id of this wallet</source>
            <translation>Kennung der Kette dieser Wallet</translation>
        </message>
        <message>
            <source>Fee</source>
            <translation>Gebühr</translation>
        </message>
        <message>
            <source>Fees in all</source>
            <translation>Gebühren insgesamt</translation>
        </message>
        <message>
            <source>From batch</source>
            <translation>Von Batch</translation>
        </message>
        <message>
            <source>Funding output</source>
            <translation>Finanzierender Ausgang</translation>
        </message>
        <message>
            <source>Hash of genesis</source>
            <translation>Hash des Anfangs</translation>
        </message>
        <message>
            <source>Root of the graphs</source>
            <translation>Wurzel der Graphen</translation>
        </message>
        <message>
            <source>Newest batch</source>
            <translation>Neuester Batch</translation>
        </message>
        <message>
            <source>Digest of the history</source>
            <translation>Prüfsumme der Geschichte</translation>
        </message>
        <message>
            <source>Key</source>
            <translation>Schlüssel</translation>
        </message>
        <message>
            <source>Kickoff (Bitcoin transaction)</source>
            <translation>Kickoff (Bitcoin-Transaktion)</translation>
        </message>
        <message>
            <source>To batch</source>
            <translation>Bis Batch</translation>
        </message>
        <message>
            <source>Hash of the last batch</source>
            <translation>Hash des letzten Batches</translation>
        </message>
        <message>
            <source>Leaf</source>
            <translation>Blatt</translation>
        </message>
        <message>
            <source>Minted in all</source>
            <translation>Insgesamt geschöpft</translation>
        </message>
        <message>
            <source>Deposits credited</source>
            <translation>Gutgeschriebene Einzahlungen</translation>
        </message>
        <message>
            <source>Transactions sent (nonce)</source>
            <translation>Gesendete Transaktionen (Nonce)</translation>
        </message>
        <message>
            <source>Of so many</source>
            <translation>Von so vielen</translation>
        </message>
        <message>
            <source>Open acceptances</source>
            <translation>Offene Annahmen</translation>
        </message>
        <message>
            <source>Operator's fee</source>
            <translation>Gebühr des Betreibers</translation>
        </message>
        <message>
            <source>What is there instead</source>
            <translation>Was stattdessen dort ist</translation>
        </message>
        <message>
            <source>Output on Bitcoin</source>
            <translation>Ausgang auf Bitcoin</translation>
        </message>
        <message>
            <source>Block there on this chain</source>
            <translation>Block dort auf dieser Kette</translation>
        </message>
        <message>
            <source>Owner</source>
            <translation>Eigentümer</translation>
        </message>
        <message>
            <source>To be paid by block</source>
            <translation>Zu bezahlen bis Block</translation>
        </message>
        <message>
            <source>Payment (Bitcoin transaction)</source>
            <translation>Bezahlung (Bitcoin-Transaktion)</translation>
        </message>
        <message>
            <source>Pays to</source>
            <translation>Zahlt an</translation>
        </message>
        <message>
            <source>Place in the batch</source>
            <translation>Platz im Batch</translation>
        </message>
        <message>
            <source>Program</source>
            <translation>Programm</translation>
        </message>
        <message>
            <source>Size of the proof in bytes</source>
            <translation>Größe des Beweises in Bytes</translation>
        </message>
        <message>
            <source>Proven up to batch</source>
            <translation>Bewiesen bis Batch</translation>
        </message>
        <message>
            <source>Receipts</source>
            <translation>Belege</translation>
        </message>
        <message>
            <source>Root of the receipts, from the header</source>
            <translation>Wurzel der Belege, aus dem Kopf</translation>
        </message>
        <message>
            <source>Recipient</source>
            <translation>Empfänger</translation>
        </message>
        <message>
            <source>Reference</source>
            <translation>Bezug</translation>
        </message>
        <message>
            <source>Batch named by the anchor</source>
            <translation>Batch, den der Anker nennt</translation>
        </message>
        <message>
            <source>Hash named by the anchor</source>
            <translation>Hash, den der Anker nennt</translation>
        </message>
        <message>
            <source>Sender</source>
            <translation>Absender</translation>
        </message>
        <message>
            <source>Key of the sequencer</source>
            <translation>Schlüssel des Sequencers</translation>
        </message>
        <message>
            <source>Signature</source>
            <translation>Unterschrift</translation>
        </message>
        <message>
            <source>Stake</source>
            <translation>Pfand</translation>
        </message>
        <message>
            <source>Staked</source>
            <translation>Als Pfand</translation>
        </message>
        <message>
            <source>Place in the state tree</source>
            <translation>Platz im Zustandsbaum</translation>
        </message>
        <message>
            <source>State root, from the header</source>
            <translation>Zustandswurzel, aus dem Kopf</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>Take (Bitcoin transaction)</source>
            <translation>Entnahme (Bitcoin-Transaktion)</translation>
        </message>
        <message>
            <source>Hash of the newest block</source>
            <translation>Hash des neuesten Blocks</translation>
        </message>
        <message>
            <source>Newest block</source>
            <translation>Neuester Block</translation>
        </message>
        <message>
            <source>Hash</source>
            <translation>Hash</translation>
        </message>
        <message>
            <source>Transactions</source>
            <translation>Transaktionen</translation>
        </message>
        <message>
            <source>Root of the transactions, from the header</source>
            <translation>Wurzel der Transaktionen, aus dem Kopf</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>Wert</translation>
        </message>
        <message>
            <source>Digest of the value</source>
            <translation>Prüfsumme des Wertes</translation>
        </message>
        <message>
            <source>Work of the chain</source>
            <translation>Arbeit der Kette</translation>
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
            <source>live</source>
            <translation>bestehend</translation>
        </message>
        <message>
            <source>claimed</source>
            <translation>beansprucht</translation>
        </message>
        <message>
            <source>taken</source>
            <translation>entnommen</translation>
        </message>
        <message>
            <source>void</source>
            <translation>verfallen</translation>
        </message>
        <message>
            <source>requested</source>
            <translation>verlangt</translation>
        </message>
        <message>
            <source>accepted</source>
            <translation>angenommen</translation>
        </message>
        <message>
            <source>paid</source>
            <translation>bezahlt</translation>
        </message>
        <message>
            <source>cancelled</source>
            <translation>zurückgenommen</translation>
        </message>
        <message>
            <source>active</source>
            <translation>tätig</translation>
        </message>
        <message>
            <source>left</source>
            <translation>ausgeschieden</translation>
        </message>
        <message>
            <source>nothing there</source>
            <translation>nichts dort</translation>
        </message>
        <message>
            <source>It is about the network that this wallet is pinned to</source>
            <translation>Es geht um das Netz, auf das diese Wallet festgelegt ist</translation>
        </message>
        <message>
            <source>The Bitcoin headers follow from the checkpoint, each with its work</source>
            <translation>Die Bitcoin-Köpfe folgen aus dem Ausgangspunkt, jeder mit seiner Arbeit</translation>
        </message>
        <message>
            <source>The sequencer has signed the batch</source>
            <translation>Der Sequencer hat den Batch unterschrieben</translation>
        </message>
        <message>
            <source>The batches follow each other, from genesis on</source>
            <translation>Die Batches folgen aufeinander, vom Anfang an</translation>
        </message>
        <message>
            <source>The Bitcoin block that the batch rests on is on the chain we checked</source>
            <translation>Der Bitcoin-Block, auf dem der Batch ruht, ist auf der selbst geprüften Kette</translation>
        </message>
        <message>
            <source>The value lies under the state root of the batch</source>
            <translation>Der Wert liegt unter der Zustandswurzel des Batches</translation>
        </message>
        <message>
            <source>The history is complete: nothing is left out</source>
            <translation>Die Geschichte ist vollständig: nichts fehlt</translation>
        </message>
        <message>
            <source>The transaction lies under the batch's root of transactions</source>
            <translation>Die Transaktion liegt unter der Transaktionswurzel des Batches</translation>
        </message>
        <message>
            <source>The sender has signed the transaction</source>
            <translation>Der Absender hat die Transaktion unterschrieben</translation>
        </message>
        <message>
            <source>Its receipt lies under the batch's root of receipts</source>
            <translation>Ihr Beleg liegt unter der Belegwurzel des Batches</translation>
        </message>
        <message>
            <source>The transactions are those of the header, all of them</source>
            <translation>Die Transaktionen sind die des Kopfes, alle</translation>
        </message>
        <message>
            <source>The receipts are those of the header, all of them</source>
            <translation>Die Belege sind die des Kopfes, alle</translation>
        </message>
        <message>
            <source>Bitcoin has sealed this batch, and so no other one of its number</source>
            <translation>Bitcoin hat diesen Batch besiegelt, also keinen anderen dieser Nummer</translation>
        </message>
        <message>
            <source>The proof of the chain covers it: the state follows from the rules</source>
            <translation>Der Beweis der Kette deckt ihn: der Zustand folgt aus den Regeln</translation>
        </message>
        <message>
            <source>The chain id is the hash of all parameters in network.json.</source>
            <translation>Die Kennung der Kette ist der Hash aller Angaben in network.json.</translation>
        </message>
        <message>
            <source>Link, difficulty, work and times of every header were computed here.</source>
            <translation>Verkettung, Schwierigkeit, Arbeit und Zeiten jedes Kopfes wurden hier berechnet.</translation>
        </message>
        <message>
            <source>A BIP340 signature under the hash of the header, by the pinned key.</source>
            <translation>Eine BIP340-Unterschrift unter dem Hash des Kopfes, mit dem festgelegten Schlüssel.</translation>
        </message>
        <message>
            <source>Each header holds the hash of the one before it.</source>
            <translation>Jeder Kopf enthält den Hash des vorigen.</translation>
        </message>
        <message>
            <source>Compared with the headers that this program checked itself.</source>
            <translation>Verglichen mit den Köpfen, die dieses Programm selbst geprüft hat.</translation>
        </message>
        <message>
            <source>Hash the leaf with its siblings, from the bottom up: it ends in the root.</source>
            <translation>Das Blatt mit seinen Nachbarn hashen, von unten nach oben: es endet in der Wurzel.</translation>
        </message>
        <message>
            <source>All entries, hashed one after the other, give the digest in the account.</source>
            <translation>Alle Einträge, nacheinander gehasht, ergeben die Prüfsumme im Konto.</translation>
        </message>
        <message>
            <source>A BIP340 signature by the sender's key.</source>
            <translation>Eine BIP340-Unterschrift mit dem Schlüssel des Absenders.</translation>
        </message>
        <message>
            <source>All transactions were hashed again and compared.</source>
            <translation>Alle Transaktionen wurden neu gehasht und verglichen.</translation>
        </message>
        <message>
            <source>All receipts were hashed again and compared.</source>
            <translation>Alle Belege wurden neu gehasht und verglichen.</translation>
        </message>
        <message>
            <source>The sequencer writes hashes of batches into a chain of Bitcoin transactions. Each spends the one before it, so there cannot be two of them.</source>
            <translation>Der Sequencer schreibt Hashes von Batches in eine Kette von Bitcoin-Transaktionen. Jede gibt die vorige aus, also kann es keine zweite geben.</translation>
        </message>
        <message>
            <source>One proof for all batches since genesis, checked on this computer. Nobody has to be believed for it.</source>
            <translation>Ein Beweis für alle Batches seit dem Anfang, auf diesem Rechner geprüft. Niemandem muss dafür geglaubt werden.</translation>
        </message>
        <message>
            <source>Nobody said which network to expect.</source>
            <translation>Niemand hat gesagt, welches Netz zu erwarten ist.</translation>
        </message>
        <message>
            <source>It is about another network than this wallet.</source>
            <translation>Es geht um ein anderes Netz als das dieser Wallet.</translation>
        </message>
        <message>
            <source>The file does not hold what this needs.</source>
            <translation>Die Datei enthält nicht, was dafür nötig ist.</translation>
        </message>
        <message>
            <source>The header of that batch is not there.</source>
            <translation>Der Kopf dieses Batches ist nicht da.</translation>
        </message>
        <message>
            <source>Genesis is another one than the network's.</source>
            <translation>Der Anfang ist ein anderer als der des Netzes.</translation>
        </message>
        <message>
            <source>There are headers that nothing vouches for.</source>
            <translation>Es gibt Köpfe, für die nichts bürgt.</translation>
        </message>
        <message>
            <source>A batch does not follow from the one before.</source>
            <translation>Ein Batch folgt nicht aus dem vorigen.</translation>
        </message>
        <message>
            <source>Another block is at that height.</source>
            <translation>Auf dieser Höhe ist ein anderer Block.</translation>
        </message>
        <message>
            <source>The Bitcoin headers do not reach that block.</source>
            <translation>Die Bitcoin-Köpfe reichen nicht bis zu diesem Block.</translation>
        </message>
        <message>
            <source>The path leads to another root.</source>
            <translation>Der Pfad führt zu einer anderen Wurzel.</translation>
        </message>
        <message>
            <source>The receipt is another transaction's.</source>
            <translation>Der Beleg gehört zu einer anderen Transaktion.</translation>
        </message>
        <message>
            <source>The first batches are not in the file.</source>
            <translation>Die ersten Batches sind nicht in der Datei.</translation>
        </message>
        <message>
            <source>Bitcoin has not sealed this batch yet.</source>
            <translation>Bitcoin hat diesen Batch noch nicht besiegelt.</translation>
        </message>
        <message>
            <source>Bitcoin has sealed another batch of this number.</source>
            <translation>Bitcoin hat einen anderen Batch dieser Nummer besiegelt.</translation>
        </message>
        <message>
            <source>The chain of seals is broken.</source>
            <translation>Die Kette der Siegel ist gebrochen.</translation>
        </message>
        <message>
            <source>Not all Bitcoin blocks were looked at yet.</source>
            <translation>Noch sind nicht alle Bitcoin-Blöcke durchgesehen.</translation>
        </message>
        <message>
            <source>This program cannot check proofs of the chain.</source>
            <translation>Dieses Programm kann Beweise der Kette nicht prüfen.</translation>
        </message>
        <message>
            <source>No proof of the chain was seen yet.</source>
            <translation>Noch wurde kein Beweis der Kette gesehen.</translation>
        </message>
        <message>
            <source>The newest proof ends before this batch.</source>
            <translation>Der neueste Beweis endet vor diesem Batch.</translation>
        </message>
        <message>
            <source>The proof ends before this batch.</source>
            <translation>Der Beweis endet vor diesem Batch.</translation>
        </message>
        <message>
            <source>The proof speaks of another history.</source>
            <translation>Der Beweis handelt von einer anderen Geschichte.</translation>
        </message>
        <message>
            <source>The proof counts another work than these headers.</source>
            <translation>Der Beweis zählt eine andere Arbeit als diese Köpfe.</translation>
        </message>
        <message>
            <source>It shows another value.</source>
            <translation>Er zeigt einen anderen Wert.</translation>
        </message>
        <message>
            <source>It has not come to this batch yet.</source>
            <translation>Er ist noch nicht bei diesem Batch.</translation>
        </message>
        <message>
            <source>Its answer cannot be read.</source>
            <translation>Seine Antwort ist nicht lesbar.</translation>
        </message>
        <message>
            <source>It does not have this batch.</source>
            <translation>Er hat diesen Batch nicht.</translation>
        </message>
        <message>
            <source>It does not keep states that old.</source>
            <translation>Er bewahrt so alte Zustände nicht auf.</translation>
        </message>
        <message>
            <source>The value does not belong to the end of the path.</source>
            <translation>Der Wert gehört nicht zum Ende des Pfades.</translation>
        </message>
        <message>
            <source>The leaf does not lie on the path.</source>
            <translation>Das Blatt liegt nicht auf dem Pfad.</translation>
        </message>
        <message>
            <source>An entry is missing, added or changed.</source>
            <translation>Ein Eintrag fehlt, ist zu viel oder verändert.</translation>
        </message>
        <message>
            <source>The path has not the form of one.</source>
            <translation>Der Pfad hat nicht die Form eines Pfades.</translation>
        </message>
        <message>
            <source>The transactions are not those of the header.</source>
            <translation>Die Transaktionen sind nicht die des Kopfes.</translation>
        </message>
        <message>
            <source>The proof is not valid for this network.</source>
            <translation>Der Beweis gilt nicht für dieses Netz.</translation>
        </message>
        <message>
            <source>The proof is of a program that this version does not know.</source>
            <translation>Der Beweis ist von einem Programm, das diese Version nicht kennt.</translation>
        </message>
        <message>
            <source>Sequenced</source>
            <translation>Eingereiht</translation>
        </message>
        <message>
            <source>Sealed</source>
            <translation>Besiegelt</translation>
        </message>
        <message>
            <source>Proven</source>
            <translation>Bewiesen</translation>
        </message>
        <message>
            <source>Withdrawable</source>
            <translation>Auszahlbar</translation>
        </message>
        <message>
            <source>It rests on the sequencer's signature alone.</source>
            <translation>Es ruht allein auf der Unterschrift des Sequencers.</translation>
        </message>
        <message>
            <source>Bitcoin says that this batch counts; its state is not proven yet.</source>
            <translation>Bitcoin sagt, dass dieser Batch zählt; sein Zustand ist noch nicht bewiesen.</translation>
        </message>
        <message>
            <source>Its state follows from the rules: proven, and checked here.</source>
            <translation>Sein Zustand folgt aus den Regeln: bewiesen und hier geprüft.</translation>
        </message>
        <message>
            <source>Proven, and sealed so deep in Bitcoin that operators pay for it.</source>
            <translation>Bewiesen und so tief in Bitcoin besiegelt, dass Betreiber dafür auszahlen.</translation>
        </message>
        <message>
            <source>Which network this is: compare the chain id with one that you trust.</source>
            <translation>Welches Netz es ist: die Kennung der Kette mit einer vergleichen, der Sie trauen.</translation>
        </message>
        <message>
            <source>That the state follows from the rules: no proof of the chain was checked. It rests on the sequencer's signature.</source>
            <translation>Dass der Zustand aus den Regeln folgt: kein Beweis der Kette wurde geprüft. Er ruht auf der Unterschrift des Sequencers.</translation>
        </message>
        <message>
            <source>That Bitcoin has sealed the batch: the sequencer could sign another one.</source>
            <translation>Dass Bitcoin den Batch besiegelt hat: der Sequencer könnte einen anderen unterschreiben.</translation>
        </message>
        <message>
            <source>The batches before the first one in the file.</source>
            <translation>Die Batches vor dem ersten in der Datei.</translation>
        </message>
        <message>
            <source>That no Bitcoin chain with more work exists: compare its newest block with one that you trust.</source>
            <translation>Dass es keine Bitcoin-Kette mit mehr Arbeit gibt: den neuesten Block mit einem vergleichen, dem Sie trauen.</translation>
        </message>
        <message>
            <source>What happened after this batch: the value may have changed.</source>
            <translation>Was nach diesem Batch geschah: der Wert kann sich geändert haben.</translation>
        </message>
        <message>
            <source>Both nodes show the same</source>
            <translation>Beide Knoten zeigen dasselbe</translation>
        </message>
        <message>
            <source>The other node has not come so far</source>
            <translation>Der andere Knoten ist noch nicht so weit</translation>
        </message>
        <message>
            <source>The other node shows something that does not check out</source>
            <translation>Der andere Knoten zeigt etwas, das die Prüfung nicht besteht</translation>
        </message>
        <message>
            <source>The sequencer signed two different batches of this number</source>
            <translation>Der Sequencer hat zwei verschiedene Batches dieser Nummer unterschrieben</translation>
        </message>
        <message>
            <source>The other node cannot be reached</source>
            <translation>Der andere Knoten ist nicht erreichbar</translation>
        </message>
        <message>
            <source>The other node does not answer this</source>
            <translation>Der andere Knoten antwortet darauf nicht</translation>
        </message>
        <message>
            <source>Sibling %1</source>
            <translation>Nachbar %1</translation>
        </message>
        <message>
            <source>checked</source>
            <translation>geprüft</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>gescheitert</translation>
        </message>
        <message>
            <source>not checked</source>
            <translation>nicht geprüft</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <extracomment>%1: Sealed, %2: number of confirmations</extracomment>
            <translation>%1 (%2)</translation>
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
        <name>Prover</name>
        <message>
            <source>Execution</source>
            <translation>Ausführung</translation>
        </message>
        <message>
            <source>Shard</source>
            <translation>Abschnitt</translation>
        </message>
        <message>
            <source>Lift</source>
            <translation>Anhebung</translation>
        </message>
        <message>
            <source>Join</source>
            <translation>Verbindung</translation>
        </message>
        <message>
            <source>Chain</source>
            <translation>Verkettung</translation>
        </message>
        <message>
            <source>Wrap</source>
            <translation>Hülle</translation>
        </message>
        <message>
            <source>runs the batch and cuts it into shards</source>
            <translation>führt den Batch aus und schneidet ihn in Abschnitte</translation>
        </message>
        <message>
            <source>proves one piece of the execution</source>
            <translation>beweist ein Stück der Ausführung</translation>
        </message>
        <message>
            <source>proves that a shard's proof is right</source>
            <translation>beweist, dass der Beweis eines Abschnitts stimmt</translation>
        </message>
        <message>
            <source>makes one proof of two neighbours</source>
            <translation>macht aus zwei Nachbarn einen Beweis</translation>
        </message>
        <message>
            <source>adds the batch to the proof of all before it</source>
            <translation>fügt den Batch zum Beweis aller früheren hinzu</translation>
        </message>
        <message>
            <source>makes the proof small enough for wallets</source>
            <translation>macht den Beweis klein genug für Wallets</translation>
        </message>
        <message>
            <source>Accepted</source>
            <translation>Angenommen</translation>
        </message>
        <message>
            <source>Failed</source>
            <translation>Fehlgeschlagen</translation>
        </message>
        <message>
            <source>Refused by the node</source>
            <translation>Vom Knoten abgelehnt</translation>
        </message>
        <message>
            <source>Given to another prover</source>
            <translation>An einen anderen gegeben</translation>
        </message>
        <message>
            <source>Turned on</source>
            <translation>Eingeschaltet</translation>
        </message>
        <message>
            <source>Turned off</source>
            <translation>Ausgeschaltet</translation>
        </message>
        <message>
            <source>Ended by itself</source>
            <translation>Von selbst beendet</translation>
        </message>
        <message>
            <source>The next try is at %1.</source>
            <translation>Der nächste Versuch ist um %1.</translation>
        </message>
        <message>
            <source>The prover is off</source>
            <translation>Der Beweiser ist aus</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>Aus</translation>
        </message>
        <message>
            <source>The node's access token is missing</source>
            <translation>Das Zugangszeichen des Knotens fehlt</translation>
        </message>
        <message>
            <source>A node gives tasks to those who have its token. Ask the node's owner for the file access.token, and enter its place below.</source>
            <translation>Ein Knoten gibt Aufgaben nur dem, der sein Zugangszeichen hat. Bitten Sie seinen Besitzer um die Datei access.token, und geben Sie unten ein, wo sie liegt.</translation>
        </message>
        <message>
            <source>Turned on, it proves batches of the layer 2 for the node below, also while the wallet is locked, and ends with this window.</source>
            <translation>Eingeschaltet beweist er Batches der Layer 2 für den Knoten unten, auch während die Wallet gesperrt ist, und endet mit diesem Fenster.</translation>
        </message>
        <message>
            <source>Working</source>
            <translation>Arbeitet</translation>
        </message>
        <message>
            <source>The node does not answer at the moment. The work goes on, and its result is kept.</source>
            <translation>Der Knoten antwortet gerade nicht. Die Arbeit geht weiter, und ihr Ergebnis wird aufgehoben.</translation>
        </message>
        <message>
            <source>No tasks</source>
            <translation>Keine Aufgaben</translation>
        </message>
        <message>
            <source>This node has no batches proven</source>
            <translation>Dieser Knoten lässt keine Batches beweisen</translation>
        </message>
        <message>
            <source>It runs without --proving. Choose another node, or ask its owner.</source>
            <translation>Er läuft ohne --proving. Wählen Sie einen anderen Knoten, oder fragen Sie seinen Besitzer.</translation>
        </message>
        <message>
            <source>No token</source>
            <translation>Kein Zeichen</translation>
        </message>
        <message>
            <source>The file with the node's token cannot be read</source>
            <translation>Die Datei mit dem Zugangszeichen des Knotens kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>It has to be there, belong to you, and be readable by nobody else. The node writes a new one at each start.</source>
            <translation>Sie muss da sein, Ihnen gehören und darf für niemand anderen lesbar sein. Der Knoten schreibt bei jedem Start eine neue.</translation>
        </message>
        <message>
            <source>Refused</source>
            <translation>Abgelehnt</translation>
        </message>
        <message>
            <source>The node does not take the token</source>
            <translation>Der Knoten nimmt das Zugangszeichen nicht an</translation>
        </message>
        <message>
            <source>A node has another token after each start. Bring the file access.token of the node below again; it is read anew by itself.</source>
            <translation>Ein Knoten hat nach jedem Start ein anderes Zugangszeichen. Bringen Sie die Datei access.token des Knotens unten noch einmal; sie wird von selbst neu gelesen.</translation>
        </message>
        <message numerus="yes">
            <source>The last %n task(s) failed</source>
            <translation>
                <numerusform>Die letzte Aufgabe ist fehlgeschlagen</numerusform>
                <numerusform>Die letzten %n Aufgaben sind fehlgeschlagen</numerusform>
            </translation>
        </message>
        <message>
            <source>The last try failed</source>
            <translation>Der letzte Versuch ist fehlgeschlagen</translation>
        </message>
        <message>
            <source>Failing</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>The memory that is allowed was not enough. Allow more below, or leave it: the task goes to another prover.</source>
            <translation>Der erlaubte Speicher hat nicht gereicht. Erlauben Sie unten mehr, oder lassen Sie es: Die Aufgabe geht an einen anderen Beweiser.</translation>
        </message>
        <message>
            <source>The log below says why. It goes on by itself.</source>
            <translation>Das Protokoll unten sagt, warum. Es geht von selbst weiter.</translation>
        </message>
        <message>
            <source>The wallet is not touched by that.</source>
            <translation>Die Wallet ist davon nicht betroffen.</translation>
        </message>
        <message>
            <source>The computer may have run out of memory: allow less of it below.</source>
            <translation>Vielleicht ist dem Rechner der Speicher ausgegangen: Erlauben Sie unten weniger.</translation>
        </message>
        <message numerus="yes">
            <source>It ended %n time(s) in a row, so the pauses grow. If it goes on like this, turn the prover off and report it with what the log says.</source>
            <translation>
                <numerusform>Er endete einmal, und die Pausen wachsen. Geht das so weiter, schalten Sie den Beweiser aus und melden Sie es mit dem, was das Protokoll sagt.</numerusform>
                <numerusform>Er endete %n Mal hintereinander, deshalb wachsen die Pausen. Geht das so weiter, schalten Sie den Beweiser aus und melden Sie es mit dem, was das Protokoll sagt.</numerusform>
            </translation>
        </message>
        <message>
            <source>Crashed</source>
            <translation>Abgestürzt</translation>
        </message>
        <message>
            <source>The prover's process ended by itself</source>
            <translation>Der Prozess des Beweisers hat sich von selbst beendet</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Startet</translation>
        </message>
        <message>
            <source>The prover starts</source>
            <translation>Der Beweiser startet</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <source>Waiting for work</source>
            <translation>Wartet auf Arbeit</translation>
        </message>
        <message>
            <source>Everything that can be proven now is proven, or others work on it.</source>
            <translation>Alles, was jetzt bewiesen werden kann, ist bewiesen, oder andere arbeiten daran.</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Paused: the computer is busy</source>
            <translation>Pause: Der Rechner ist beschäftigt</translation>
        </message>
        <message>
            <source>Something else uses a quarter of the processors or more. The prover goes on when that is over.</source>
            <translation>Etwas anderes braucht ein Viertel der Prozessoren oder mehr. Danach macht der Beweiser weiter.</translation>
        </message>
        <message>
            <source>No connection</source>
            <translation>Keine Verbindung</translation>
        </message>
        <message>
            <source>The node does not answer</source>
            <translation>Der Knoten antwortet nicht</translation>
        </message>
        <message>
            <source>It goes on trying. Look whether the node runs, and at its address below.</source>
            <translation>Es wird weiter versucht. Sehen Sie nach, ob der Knoten läuft und ob seine Adresse unten stimmt.</translation>
        </message>
        <message>
            <source>Stopping</source>
            <translation>Endet</translation>
        </message>
        <message>
            <source>The prover ends</source>
            <translation>Der Beweiser endet</translation>
        </message>
        <message>
            <source>Prover: %1</source>
            <translation>Beweiser: %1</translation>
        </message>
        <message>
            <source>Join %1 of level %2, batch %3</source>
            <translation>Verbindung %1 auf Ebene %2, Batch %3</translation>
        </message>
        <message>
            <source>%1 %2 of batch %3</source>
            <extracomment>%1: kind of task, %2: which one, %3: number of the batch</extracomment>
            <translation>%1 %2 von Batch %3</translation>
        </message>
        <message>
            <source>%1 of batch %2</source>
            <extracomment>%1: kind of task, %2: number of the batch</extracomment>
            <translation>%1 von Batch %2</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%1 min %2 s</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%1 h %2 min</translation>
        </message>
        <message>
            <source>AVX-512 (fastest)</source>
            <translation>AVX-512 (am schnellsten)</translation>
        </message>
        <message>
            <source>AVX2 (fast)</source>
            <translation>AVX2 (schnell)</translation>
        </message>
        <message>
            <source>none that help (slow)</source>
            <translation>keine, die helfen (langsam)</translation>
        </message>
        <message>
            <source>for %1; how long it takes is not known yet</source>
            <translation>seit %1; wie lange es dauert, ist noch nicht bekannt</translation>
        </message>
        <message>
            <source>for %1, longer than the usual %2</source>
            <translation>seit %1, länger als die üblichen %2</translation>
        </message>
        <message>
            <source>for %1 of usually %2, about %3 left</source>
            <translation>seit %1 von üblichen %2, noch etwa %3</translation>
        </message>
        <message>
            <source>not measured yet</source>
            <translation>noch nicht gemessen</translation>
        </message>
        <message>
            <source>less than one batch an hour</source>
            <translation>weniger als ein Batch in der Stunde</translation>
        </message>
        <message numerus="yes">
            <source>about %n batch(es) an hour</source>
            <translation>
                <numerusform>etwa ein Batch in der Stunde</numerusform>
                <numerusform>etwa %n Batches in der Stunde</numerusform>
            </translation>
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
            <source>Finality</source>
            <translation>Endgültigkeit</translation>
        </message>
        <message>
            <source>Transactions</source>
            <translation>Transaktionen</translation>
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
        <name>bowline::ui::CheckRow</name>
        <message>
            <source>Copy %1</source>
            <translation>%1 kopieren</translation>
        </message>
        <message>
            <source>Show hashes</source>
            <translation>Hashes zeigen</translation>
        </message>
        <message>
            <source>Hide hashes</source>
            <translation>Hashes verbergen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ChecksPanel</name>
        <message>
            <source>How this was checked</source>
            <translation>Wie das geprüft wurde</translation>
        </message>
        <message>
            <source>Answered by %1, which did not have to be believed.</source>
            <translation>Beantwortet von %1, dem nicht geglaubt werden musste.</translation>
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
        <name>bowline::ui::EntriesModel</name>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>Trust</source>
            <translation>Vertrauen</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Batch</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>Kennung</translation>
        </message>
        <message>
            <source>Amount</source>
            <translation>Betrag</translation>
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
        <name>bowline::ui::FileCard</name>
        <message>
            <source>Proof file</source>
            <translation>Beweisdatei</translation>
        </message>
        <message>
            <source>Close file</source>
            <translation>Datei schließen</translation>
        </message>
        <message>
            <source>What this file does not show</source>
            <translation>Was diese Datei nicht zeigt</translation>
        </message>
        <message>
            <source>Valid</source>
            <translation>Gültig</translation>
        </message>
        <message>
            <source>Not valid</source>
            <translation>Ungültig</translation>
        </message>
        <message>
            <source>%1, as it was after batch %2 (%3)</source>
            <extracomment>%1: kind of thing, %2: number of a batch, %3: time</extracomment>
            <translation>%1, wie nach Batch %2 (%3)</translation>
        </message>
        <message>
            <source>A check failed: do not believe what this file says.</source>
            <translation>Eine Prüfung ist gescheitert: nichts glauben, was diese Datei sagt.</translation>
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
        <name>bowline::ui::FoundCard</name>
        <message>
            <source>Transactions</source>
            <translation>Transaktionen</translation>
        </message>
        <message>
            <source>&amp;Another node</source>
            <translation>&amp;Anderer Knoten</translation>
        </message>
        <message>
            <source>&amp;Compare</source>
            <translation>&amp;Vergleichen</translation>
        </message>
        <message>
            <source>Save as &amp;file…</source>
            <translation>Als &amp;Datei sichern …</translation>
        </message>
        <message>
            <source>Batch %1</source>
            <translation>Batch %1</translation>
        </message>
        <message>
            <source>Made %1, on Bitcoin block %2.</source>
            <translation>Entstanden %1, auf Bitcoin-Block %2.</translation>
        </message>
        <message>
            <source>In batch %1 of %2, on Bitcoin block %3.</source>
            <translation>In Batch %1 von %2, auf Bitcoin-Block %3.</translation>
        </message>
        <message>
            <source>Transactions: %1, of which %2 are shown</source>
            <translation>Transaktionen: %1, davon %2 gezeigt</translation>
        </message>
        <message>
            <source>Transactions: %1</source>
            <translation>Transaktionen: %1</translation>
        </message>
        <message>
            <source>Both are kept on this computer as evidence.</source>
            <translation>Beide sind auf diesem Rechner als Beweis aufbewahrt.</translation>
        </message>
        <message>
            <source>Copy %1</source>
            <translation>%1 kopieren</translation>
        </message>
        <message>
            <source>%1 · %2</source>
            <extracomment>%1: name of a field, %2: a node</extracomment>
            <translation>%1 · %2</translation>
        </message>
        <message>
            <source>Save as file</source>
            <translation>Als Datei sichern</translation>
        </message>
        <message>
            <source>Proof files (*.json)</source>
            <translation>Beweisdateien (*.json)</translation>
        </message>
        <message>
            <source>Saved and checked</source>
            <translation>Gesichert und geprüft</translation>
        </message>
        <message>
            <source>%1 (%2 bytes). Anybody can check it offline: bowline-cli verify %1</source>
            <translation>%1 (%2 Bytes). Jeder kann sie offline prüfen: bowline-cli verify %1</translation>
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
            <source>Head</source>
            <translation>Spitze</translation>
        </message>
        <message>
            <source>Empty: your own account</source>
            <translation>Leer: Ihr eigenes Konto</translation>
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
            <source>No batch is proven yet</source>
            <translation>Noch ist kein Batch bewiesen</translation>
        </message>
        <message>
            <source>L2 state</source>
            <translation>L2-Zustand</translation>
        </message>
        <message>
            <source>Look up</source>
            <translation>Nachsehen</translation>
        </message>
        <message>
            <source>Batch, transaction, account, deposit or withdrawal</source>
            <translation>Batch, Transaktion, Konto, Ein- oder Auszahlung</translation>
        </message>
        <message>
            <source>A batch's number or hash, a transaction's hash, a key or layer-2 address, txid:output of a vault, the number of a withdrawal.</source>
            <translation>Nummer oder Hash eines Batches, Hash einer Transaktion, Schlüssel oder Layer-2-Adresse, txid:Ausgang eines Tresors, Nummer einer Auszahlung.</translation>
        </message>
        <message>
            <source>&amp;Open file…</source>
            <translation>Datei ö&amp;ffnen …</translation>
        </message>
        <message>
            <source>Newest</source>
            <translation>Neueste</translation>
        </message>
        <message>
            <source>Older</source>
            <translation>Ältere</translation>
        </message>
        <message>
            <source>Show &amp;transactions</source>
            <translation>&amp;Transaktionen zeigen</translation>
        </message>
        <message>
            <source>Open file</source>
            <translation>Datei öffnen</translation>
        </message>
        <message>
            <source>Proof files (*.json)</source>
            <translation>Beweisdateien (*.json)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Proven up to batch %1: one proof of %2 bytes for all batches, checked here in %3 ms.</source>
            <translation>Bewiesen bis Batch %1: ein Beweis von %2 Bytes für alle Batches, hier in %3 ms geprüft.</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ListsCard</name>
        <message>
            <source>Deposits and withdrawals</source>
            <translation>Ein- und Auszahlungen</translation>
        </message>
        <message>
            <source>Deposits</source>
            <translation>Einzahlungen</translation>
        </message>
        <message>
            <source>Withdrawals</source>
            <translation>Auszahlungen</translation>
        </message>
        <message>
            <source>Operators</source>
            <translation>Betreiber</translation>
        </message>
        <message>
            <source>Claims</source>
            <translation>Ansprüche</translation>
        </message>
        <message>
            <source>Show &amp;list</source>
            <translation>&amp;Liste zeigen</translation>
        </message>
        <message>
            <source>&amp;More</source>
            <translation>&amp;Mehr</translation>
        </message>
        <message>
            <source>Each row is checked under the state root. That no row is left out is not proven.</source>
            <translation>Jede Zeile ist unter der Zustandswurzel geprüft. Dass keine fehlt, ist nicht bewiesen.</translation>
        </message>
        <message>
            <source>There are none.</source>
            <translation>Es gibt keine.</translation>
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
        <name>bowline::ui::ProverEventsModel</name>
        <message>
            <source>after %1</source>
            <translation>nach %1</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>Event</source>
            <translation>Ereignis</translation>
        </message>
        <message>
            <source>Task</source>
            <translation>Aufgabe</translation>
        </message>
        <message>
            <source>Remarks</source>
            <translation>Bemerkungen</translation>
        </message>
    </context>
    <context>
        <name>bowline::ui::ProverPage</name>
        <message>
            <source>Prover</source>
            <translation>Beweiser</translation>
        </message>
        <message>
            <source>Lend your processor</source>
            <translation>Leihen Sie Ihren Prozessor</translation>
        </message>
        <message>
            <source>Progress of the task, estimated</source>
            <translation>Fortschritt der Aufgabe, geschätzt</translation>
        </message>
        <message>
            <source>&amp;Turn on</source>
            <translation>&amp;Einschalten</translation>
        </message>
        <message>
            <source>Limits</source>
            <translation>Grenzen</translation>
        </message>
        <message>
            <source>Only while nobody else uses the &amp;computer</source>
            <translation>Nur wenn sonst niemand den &amp;Rechner braucht</translation>
        </message>
        <message>
            <source>&amp;Processors</source>
            <translation>&amp;Prozessoren</translation>
        </message>
        <message>
            <source>&amp;Memory at most</source>
            <translation>&amp;Speicher höchstens</translation>
        </message>
        <message>
            <source>This computer</source>
            <translation>Dieser Rechner</translation>
        </message>
        <message>
            <source>Processors</source>
            <translation>Prozessoren</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <source>Vector instructions</source>
            <translation>Vektorbefehle</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>Tempo</translation>
        </message>
        <message>
            <source>Mea&amp;sure</source>
            <translation>&amp;Messen</translation>
        </message>
        <message>
            <source>Node that gives the tasks</source>
            <translation>Knoten, der die Aufgaben gibt</translation>
        </message>
        <message>
            <source>Add&amp;ress</source>
            <translation>A&amp;dresse</translation>
        </message>
        <message>
            <source>&amp;File with its access token</source>
            <translation>&amp;Datei mit seinem Zugangszeichen</translation>
        </message>
        <message>
            <source>Use th&amp;is node</source>
            <translation>Diesen &amp;Knoten nehmen</translation>
        </message>
        <message>
            <source>Done so far</source>
            <translation>Bisher getan</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <extracomment>%1: kind of task, %2: what it does</extracomment>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>Nobody is paid for proving yet. What you get is a layer 2 that everybody can check.</source>
            <translation>Fürs Beweisen wird noch niemand bezahlt. Was Sie bekommen, ist eine Layer 2, die jeder prüfen kann.</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Nothing has happened yet.</source>
            <translation>Es ist noch nichts geschehen.</translation>
        </message>
        <message>
            <source>&amp;Turn off</source>
            <translation>&amp;Ausschalten</translation>
        </message>
        <message>
            <source>%1 stands still</source>
            <translation>%1 steht still</translation>
        </message>
        <message numerus="yes">
            <source>%n processor(s)</source>
            <translation>
                <numerusform>%n Prozessor</numerusform>
                <numerusform>%n Prozessoren</numerusform>
            </translation>
        </message>
        <message>
            <source>Tasks run at the lowest priority: what you do yourself comes first.</source>
            <translation>Aufgaben laufen mit der niedrigsten Priorität: Was Sie selbst tun, geht vor.</translation>
        </message>
        <message>
            <source>The new limits count from the next task on.</source>
            <translation>Die neuen Grenzen gelten ab der nächsten Aufgabe.</translation>
        </message>
        <message>
            <source>Measuring…</source>
            <translation>Misst…</translation>
        </message>
        <message>
            <source>From the tasks that were done: what each kind takes of late, and how many of each a batch had.</source>
            <translation>Aus den erledigten Aufgaben: wie lange jede Art zuletzt dauerte und wie viele von jeder ein Batch hatte.</translation>
        </message>
        <message>
            <source>Measuring makes a small proof, for a few seconds at full load.</source>
            <translation>Das Messen macht einen kleinen Beweis, einige Sekunden lang bei voller Last.</translation>
        </message>
        <message>
            <source>Empty: the wallet's own, %1</source>
            <translation>Leer: der Knoten der Wallet, %1</translation>
        </message>
        <message>
            <source>Empty: %1</source>
            <translation>Leer: %1</translation>
        </message>
        <message>
            <source>access.token in the node's data folder</source>
            <translation>access.token im Datenordner des Knotens</translation>
        </message>
        <message>
            <source>Its queue is not known yet.</source>
            <translation>Seine Warteschlange ist noch nicht bekannt.</translation>
        </message>
        <message numerus="yes">
            <source>%n task(s) ready</source>
            <translation>
                <numerusform>%n Aufgabe bereit</numerusform>
                <numerusform>%n Aufgaben bereit</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n wait(s) for others</source>
            <translation>
                <numerusform>%n wartet auf andere</numerusform>
                <numerusform>%n warten auf andere</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n in work</source>
            <translation>
                <numerusform>%n in Arbeit</numerusform>
                <numerusform>%n in Arbeit</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n done</source>
            <translation>
                <numerusform>%n fertig</numerusform>
                <numerusform>%n fertig</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%n fehlgeschlagen</numerusform>
                <numerusform>%n fehlgeschlagen</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 · %2 · asked %3</source>
            <extracomment>%1: list of counts, %2: how many provers, %3: how long ago that was</extracomment>
            <translation>%1 · %2 · gefragt %3</translation>
        </message>
        <message numerus="yes">
            <source>%n prover(s)</source>
            <translation>
                <numerusform>%n Beweiser</numerusform>
                <numerusform>%n Beweiser</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n result(s) accepted</source>
            <translation>
                <numerusform>%n Ergebnis angenommen</numerusform>
                <numerusform>%n Ergebnisse angenommen</numerusform>
            </translation>
        </message>
        <message>
            <source>%1, %2 each</source>
            <extracomment>%1: how many, %2: how long each takes</extracomment>
            <translation>%1, je %2</translation>
        </message>
        <message>
            <source>This node is used from now on.</source>
            <translation>Ab jetzt wird dieser Knoten genommen.</translation>
        </message>
        <message numerus="yes">
            <source>Estimated: a small proof took %1 with %n processor(s), and a batch of one payment takes about %2 times as long. Real tasks replace the estimate.</source>
            <translation>
                <numerusform>Geschätzt: Ein kleiner Beweis dauerte mit einem Prozessor %1, und ein Batch mit einer Zahlung dauert etwa %2-mal so lang. Echte Aufgaben ersetzen die Schätzung.</numerusform>
                <numerusform>Geschätzt: Ein kleiner Beweis dauerte mit %n Prozessoren %1, und ein Batch mit einer Zahlung dauert etwa %2-mal so lang. Echte Aufgaben ersetzen die Schätzung.</numerusform>
            </translation>
        </message>
        <message>
            <source>That is no address of a node. It looks like %1.</source>
            <translation>Das ist keine Adresse eines Knotens. Sie sieht aus wie %1.</translation>
        </message>
        <message>
            <source>This computer has too little memory for lifts and what follows them: they need %1. It can do executions and shards.</source>
            <translation>Dieser Rechner hat zu wenig Speicher für Anhebungen und was ihnen folgt: Sie brauchen %1. Ausführungen und Abschnitte kann er machen.</translation>
        </message>
        <message>
            <source>With less than %1 only executions and shards are done here.</source>
            <translation>Mit weniger als %1 werden hier nur Ausführungen und Abschnitte gemacht.</translation>
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
        <message>
            <source>Prover</source>
            <translation>Beweiser</translation>
        </message>
        <message>
            <source>L2 state</source>
            <translation>L2-Zustand</translation>
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
