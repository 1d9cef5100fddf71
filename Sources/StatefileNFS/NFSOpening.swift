internal import CNFS
import LinuxPlatform
import PoolModel
import StatefileMedium

/// The way to a mounted folder: ports, mount service, NFS service; each step before one deadline.
struct NFSOpening {
    let address: NFSAddress
    let deadline: MonotonicInstant

    /// What the way led to.
    struct Mounted: ~Copyable {
        let connection: RPCConnection
        let root: NFSFileHandle
        let readLimit: Int
        let writeLimit: Int
    }

    private static let portmapperPort: UInt16 = 111
    private static let overTCP: Int32 = 6
    /// libnfs 4.0.0 takes no answer that is larger than 1 MiB and a head.
    private static let largestTransfer = 1 << 20
    private static let smallestTransfer = 512

    /// Goes the whole way.
    func open() throws(NFSError) -> Mounted {
        guard let socket = SocketAddress(address.server, defaultPort: 0), socket.port == 0 else {
            throw .notAnAddress(address)
        }
        let ports = try ports(isIPv4: socket.family == 4)
        let root = try mount(port: ports.mount)
        var connection = try connect(to: "NFS", port: ports.nfs)
        let limits = try limits(of: root, over: &connection)
        return Mounted(
            connection: connection,
            root: root,
            readLimit: limits.read,
            writeLimit: limits.write
        )
    }

    private func ports(isIPv4: Bool) throws(NFSError) -> (mount: UInt16, nfs: UInt16) {
        if let mount = address.mountPort, let nfs = address.nfsPort { return (mount, nfs) }
        // Version 2 of the portmapper's protocol, which every server speaks, knows IPv4 only.
        guard isIPv4 else { throw .portsNeeded(address) }
        var portmapper = try connect(to: "portmapper", port: NFSOpening.portmapperPort)
        var (mount, nfs) = (address.mountPort, address.nfsPort)
        if mount == nil { mount = try port(of: "mount", MOUNT_PROGRAM, MOUNT_V3, from: &portmapper) }
        if nfs == nil { nfs = try port(of: "NFS", NFS_PROGRAM, NFS_V3, from: &portmapper) }
        return (mount ?? 0, nfs ?? 0)
    }

    /// Asks for the port of a service.
    ///
    /// The corresponding C function is `rpc_pmap2_getport_async`.
    private func port(
        of service: String,
        _ program: Int32,
        _ version: Int32,
        from portmapper: inout RPCConnection
    ) throws(NFSError) -> UInt16 {
        let call = portmapper.call(0)
        unsafe call.reset()
        let isQueued = unsafe portmapper.queue { context in
            unsafe rpc_pmap2_getport_async(
                context,
                program,
                version,
                NFSOpening.overTCP,
                { _, status, data, context in
                    unsafe RPCCall.finish(context, status, data) { (call, port: UnsafePointer<UInt32>) in
                        call.port = unsafe port.pointee
                        return .ok
                    }
                },
                call.context
            )
        }
        try finish(portmapper, .askingPortmapper, isQueued: isQueued)
        guard call.port != 0, let port = UInt16(exactly: call.port) else {
            throw .noService(address, service: service)
        }
        return port
    }

    /// Connects to a service.
    private func connect(to service: String, port: UInt16) throws(NFSError) -> RPCConnection {
        let step = NFSStep.connecting(service: service, port: port)
        guard var connection = RPCConnection(uid: address.uid, gid: address.gid) else {
            throw .disconnected(address, step, words: "out of memory")
        }
        let isQueued = connection.startConnecting(to: address.server, port: port)
        try finish(connection, step, isQueued: isQueued)
        return connection
    }

    /// Asks for the handle of the folder, over a connection of its own.
    ///
    /// The corresponding C function is `rpc_mount3_mnt_async`.
    private func mount(port: UInt16) throws(NFSError) -> NFSFileHandle {
        var connection = try connect(to: "mount", port: port)
        let call = connection.call(0)
        unsafe call.reset()
        var path = address.path.utf8CString
        let isQueued = unsafe connection.queue { context in
            // The text ends with 0 and lives over the call, which encodes it.
            unsafe path.withUnsafeMutableBufferPointer { text in
                unsafe rpc_mount3_mnt_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (call, answer: UnsafePointer<mountres3>) in
                            let status = unsafe NFSStatus(answer.pointee.fhs_status.rawValue)
                            guard status == .ok else { return status }
                            let handle = unsafe answer.pointee.mountres3_u.mountinfo.fhandle
                            call.handle = unsafe NFSFileHandle(
                                handle.fhandle3_val,
                                count: Int(handle.fhandle3_len)
                            )
                            return .ok
                        }
                    },
                    text.baseAddress,
                    call.context
                )
            }
        }
        try finish(connection, .mounting, isQueued: isQueued)
        if case .answered(let status) = call.end, status != .ok { throw .mountRefused(address, status) }
        guard let handle = call.handle else { throw .mountRefused(address, .badHandle) }
        return handle
    }

    /// Asks how much one request may read and write.
    ///
    /// The corresponding C function is `rpc_nfs3_fsinfo_async`.
    private func limits(
        of root: NFSFileHandle,
        over connection: inout RPCConnection
    ) throws(NFSError) -> (read: Int, write: Int) {
        let call = connection.call(0)
        unsafe call.reset()
        let isQueued = unsafe connection.queue { context in
            unsafe root.withNative { handle in
                var arguments = unsafe FSINFO3args(fsroot: handle)
                return unsafe rpc_nfs3_fsinfo_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (call, answer: UnsafePointer<FSINFO3res>) in
                            let found = unsafe answer.pointee.FSINFO3res_u.resok
                            call.limits = (Int(found.rtmax), Int(found.wtmax))
                            return unsafe NFSStatus(answer.pointee.status.rawValue)
                        }
                    },
                    &arguments,
                    call.context
                )
            }
        }
        try finish(connection, .askingLimits, isQueued: isQueued)
        if case .answered(let status) = call.end, status != .ok {
            throw .refused(address, .askingLimits, status)
        }
        func usable(_ limit: Int) -> Int {
            max(min(limit, NFSOpening.largestTransfer) / NFSOpening.smallestTransfer, 1)
                * NFSOpening.smallestTransfer
        }
        return (usable(call.limits.read), usable(call.limits.write))
    }

    /// Waits for call 0.
    private func finish(
        _ connection: borrowing RPCConnection,
        _ step: NFSStep,
        isQueued: Bool
    ) throws(NFSError) {
        guard isQueued else { throw .disconnected(address, step, words: connection.lastWords()) }
        let start = BootClock().now()
        switch connection.wait(forFirst: 1, until: deadline) {
        case .answered: return
        case .timedOut: throw .timedOut(address, step, after: max(deadline - start, .zero))
        case .broken: throw .disconnected(address, step, words: connection.lastWords())
        }
    }
}
