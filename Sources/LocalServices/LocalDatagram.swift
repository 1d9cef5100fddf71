import CLocalServices

/// Datagrams to this host's own services: the journal, the service manager.
public enum LocalDatagram {
    /// Where systemd's journal takes entries (systemd.io/JOURNAL_NATIVE_PROTOCOL).
    public static let journalSocket = "/run/systemd/journal/socket"

    /// Sends one text, with a descriptor where the service takes one.
    ///
    /// May wait while the service's queue is full.
    public static func send(_ text: String, to path: String, descriptor: Int32? = nil) throws(LocalError) {
        let bytes = Array(text.utf8)
        let result = unsafe bytes.withUnsafeBytes { room in
            // Path and bytes are read during the call; the descriptor is duplicated by the kernel.
            unsafe ls_send_datagram(path, room.baseAddress, room.count, descriptor ?? -1)
        }
        guard result == 0 else { throw LocalError("sendmsg", result: result) }
    }
}

/// The standard error stream, written without buffering.
public enum StandardError {
    /// Writes the whole text; may wait for its reader.
    public static func write(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { room in
            // `count` bytes are read.
            unsafe ls_write_error(room.baseAddress, room.count)
        }
    }
}
