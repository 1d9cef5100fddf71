internal import CISCSI
internal import Glibc
import LinuxPlatform
import StatefileMedium

/// One TCP connection and session with a target, driven through libiscsi without its time-outs, its waiting
/// calls and its reconnections.
///
/// Why: the library's time-outs count whole seconds and fire up to one early, do not cover connecting, and
/// its reconnections spin and send writes again. Here whoever waits has the deadline, and a connection that
/// failed, or left a request without an answer, is destroyed; so no buffer is touched after the call that
/// lent it.
///
/// Safety: `context` and `vector` are made in `init`, never changed, and freed once, in `deinit`.
@safe
struct ISCSIConnection: ~Copyable {
    private let context: OpaquePointer
    /// The one element that tells libiscsi where the bytes of a read or write are.
    private let vector: UnsafeMutablePointer<scsi_iovec>
    /// The request under way for whoever waits.
    let call = ISCSICall()
    /// The request that only looks whether the path is well.
    let probe = ISCSICall()

    /// How long the kernel may go on with a socket that nobody owns any more, in ms.
    private static let userTimeout: Int32 = 10_000

    /// The peer will send no more: POLLRDHUP of poll(2), which the Glibc module lacks.
    private static let peerClosed: Int32 = 0x2000

    /// An unconnected one; nil when there is no memory.
    init?(_ login: ISCSILogin, target: String, session: ISCSISessionID) {
        guard let made = unsafe iscsi_create_context(login.initiatorName) else { return nil }
        unsafe context = made
        unsafe vector = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe vector.initialize(to: scsi_iovec())
        unsafe iscsi_set_noautoreconnect(made, 1)
        unsafe iscsi_set_timeout(made, 0)
        unsafe iscsi_set_tcp_user_timeout(made, ISCSIConnection.userTimeout)
        _ = unsafe iscsi_set_targetname(made, target)
        _ = unsafe iscsi_set_session_type(made, ISCSI_SESSION_NORMAL)
        _ = unsafe iscsi_set_isid_random(made, session.random, UInt32(session.qualifier))
        // With a secret the library begins with the security stage, where a target that wants none says so;
        // without one it skips that stage, and tgt ends a former session of the name in that stage only (seen
        // with 1.0.85: both sessions lived on, and a late write of the former one landed).
        let user = login.secrets?.user ?? "holdfast"
        _ = unsafe iscsi_set_initiator_username_pwd(made, user, login.secrets?.secret ?? "no secret is set")
        if let pair = login.secrets?.target {
            _ = unsafe iscsi_set_target_username_pwd(made, pair.user, pair.secret)
        }
    }

    deinit {
        // Calls back what was under way, into the calls, which are still there. Closing drops what the kernel
        // has not sent, for the socket does not linger.
        _ = unsafe iscsi_destroy_context(context)
        unsafe vector.deinitialize(count: 1)
        unsafe vector.deallocate()
    }

    /// The library's words for its last failure.
    borrowing func lastWords() -> String {
        guard let text = unsafe iscsi_get_error(context) else { return "no reason given" }
        let words = unsafe String(cString: text)
        if words.isEmpty { return "no reason given" }
        // What the library says when it was told not to reconnect and the peer has closed.
        return words.contains("reconnect right now") ? "the target closed it" : words
    }

    /// Where the portal sends logins; nil when it does not.
    borrowing func redirection() -> String? {
        guard let text = unsafe iscsi_get_target_address(context) else { return nil }
        let place = unsafe String(cString: text)
        return place.isEmpty ? nil : place
    }

    // MARK: waiting

    /// What to poll for; a descriptor of -1 where there is nothing to wait for, so that HUP does not spin.
    borrowing func pollEntry() -> pollfd {
        let events = unsafe iscsi_which_events(context)
        let isIdle = events == 0
        return pollfd(
            fd: isIdle ? -1 : unsafe iscsi_get_fd(context),
            events: Int16(truncatingIfNeeded: events) | Int16(ISCSIConnection.peerClosed),
            revents: 0
        )
    }

    /// Lets the library read and write; false when the connection failed.
    borrowing func serve(_ revents: Int16) -> Bool {
        let bits = Int32(revents)
        // A peer that closed would be readable for ever, and the library, told not to reconnect, says
        // nothing.
        let isGone = bits & (ISCSIConnection.peerClosed | POLLHUP | POLLERR | POLLNVAL) != 0
        let result = unsafe iscsi_service(context, bits & (POLLIN | POLLOUT | POLLHUP | POLLERR))
        return result == 0 && !isGone
    }

    // MARK: requests

    /// Starts to connect; the name of the portal is an address with its port.
    ///
    /// The corresponding C function is `iscsi_connect_async`, which looks no name up when given an address.
    borrowing func startConnecting(to portal: SocketAddress) {
        call.begin()
        let result = unsafe iscsi_connect_async(
            context,
            "\(portal)",
            { _, status, _, context in unsafe ISCSICall.finishPlain(status, context) },
            call.context
        )
        guard result == 0 else { return call.failToBegin() }
        // From the first byte on, closing drops what was not sent, also when the kernel closes for a process
        // that was killed.
        var none = linger(l_onoff: 1, l_linger: 0)
        let number = unsafe iscsi_get_fd(context)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
    }

    /// Starts the login.
    ///
    /// The corresponding C function is `iscsi_login_async`.
    borrowing func startLogin() {
        call.begin()
        let result = unsafe iscsi_login_async(
            context,
            { _, status, _, context in unsafe ISCSICall.finishPlain(status, context) },
            call.context
        )
        if result != 0 { call.failToBegin() }
    }

    /// Queues a SCSI command of `call`: `start` calls the library's function for it.
    private borrowing func queue(
        _ call: ISCSICall,
        keepsAnswer: Bool = false,
        _ start: (OpaquePointer, iscsi_command_cb, UnsafeMutableRawPointer) -> UnsafeMutablePointer<
            scsi_task
        >?
    ) {
        call.begin(keepsAnswer: keepsAnswer)
        let task = unsafe start(
            context,
            { _, status, data, context in unsafe ISCSICall.finishTask(status, data, context) },
            call.context
        )
        if unsafe task == nil { call.failToBegin() }
    }

    /// Asks whether the unit is ready; with `call`, or beside it with `probe`.
    ///
    /// The corresponding C function is `iscsi_testunitready_task`.
    borrowing func startTest(lun: Int32, _ call: ISCSICall) {
        unsafe queue(call) { unsafe iscsi_testunitready_task($0, lun, $1, $2) }
    }

    /// Asks who the unit is; `page` nil for the standard data.
    ///
    /// The corresponding C function is `iscsi_inquiry_task`.
    borrowing func startInquiry(lun: Int32, page: Int32?) {
        unsafe queue(call, keepsAnswer: true) {
            unsafe iscsi_inquiry_task($0, lun, page == nil ? 0 : 1, page ?? 0, 255, $1, $2)
        }
    }

    /// Asks for the size.
    ///
    /// The corresponding C function is `iscsi_readcapacity16_task`.
    borrowing func startCapacity(lun: Int32) {
        unsafe queue(call, keepsAnswer: true) { unsafe iscsi_readcapacity16_task($0, lun, $1, $2) }
    }

    /// Asks for the caching page, whose header says what kinds of writes there are.
    ///
    /// The corresponding C function is `iscsi_modesense6_task`.
    borrowing func startModes(lun: Int32) {
        unsafe queue(call, keepsAnswer: true) {
            unsafe iscsi_modesense6_task($0, lun, 1, 0, 0x08, 0, 255, $1, $2)
        }
    }

    /// Reads blocks to `start`, which stays valid until the call has ended or this connection is gone.
    ///
    /// The corresponding C function is `iscsi_read16_iov_task`.
    borrowing func startRead(_ extent: BlockExtent, into start: UnsafeMutableRawPointer) {
        unsafe vector.pointee = scsi_iovec(iov_base: start, iov_len: Int(extent.byteCount))
        unsafe queue(call) { [vector] in
            unsafe iscsi_read16_iov_task(
                $0,
                extent.lun,
                extent.block,
                extent.byteCount,
                extent.blockBytes,
                0,
                0,
                0,
                0,
                0,
                $1,
                $2,
                vector,
                1
            )
        }
    }

    /// Writes blocks from `start`, which stays valid as above; with FUA, or to a cache that is flushed after.
    ///
    /// The corresponding C function is `iscsi_write16_iov_task`.
    borrowing func startWrite(_ extent: BlockExtent, from start: UnsafeMutableRawPointer, fua: Bool) {
        unsafe vector.pointee = scsi_iovec(iov_base: start, iov_len: Int(extent.byteCount))
        unsafe queue(call) { [vector] in
            unsafe iscsi_write16_iov_task(
                $0,
                extent.lun,
                extent.block,
                nil,
                extent.byteCount,
                extent.blockBytes,
                0,
                0,
                fua ? 1 : 0,
                0,
                0,
                $1,
                $2,
                vector,
                1
            )
        }
    }

    /// Forces blocks from the unit's cache to its medium.
    ///
    /// The corresponding C function is `iscsi_synchronizecache16_task`.
    borrowing func startFlush(_ extent: BlockExtent) {
        let count = extent.byteCount / UInt32(extent.blockBytes)
        unsafe queue(call) {
            unsafe iscsi_synchronizecache16_task($0, extent.lun, extent.block, count, 0, 0, $1, $2)
        }
    }
}

/// Blocks of a logical unit.
struct BlockExtent: BitwiseCopyable {
    let lun: Int32
    let block: UInt64
    let byteCount: UInt32
    let blockBytes: Int32
}
