namespace Vprox.Netlink;

/// <summary>
/// rtnetlink(7): links, IPv4 addresses, routes, rules, neighbours and traffic control of one network namespace. Safe for several threads. Where a request
/// has an equivalent ip or tc command, errors name it.
/// </summary>
public sealed partial class RouteNetlink : IDisposable
{
    private readonly NetlinkConnection _connection;

    internal RouteNetlink(INetlinkTransport transport) => _connection = new NetlinkConnection(transport);

    /// <summary>Opens a socket in the calling thread's network namespace; it stays there whatever thread uses it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static RouteNetlink Open() => new(NetlinkSocket.Open(Interop.NETLINK_ROUTE));

    /// <summary>
    /// Applies all requests in order, many per system call. A refused one does not stop the later ones: then the exception tells the
    /// first, and how many more.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused a request.</exception>
    public void Execute(params IReadOnlyList<RouteRequest> requests)
    {
        var failures = TryExecute(requests).OfType<NetlinkError>().ToList();
        if (failures.Count > 0)
            throw new NetlinkException(failures[0], failures.Count);
    }

    /// <summary>
    /// Applies all requests in order and returns, for each, null or why the kernel refused it; so that EEXIST on an add or ESRCH on a
    /// delete can be an outcome.
    /// </summary>
    /// <exception cref="NetlinkException">The socket itself failed; what was applied is unknown.</exception>
    public IReadOnlyList<NetlinkError?> TryExecute(params IReadOnlyList<RouteRequest> requests) =>
        [.. _connection.Execute([.. requests.Select(request => request.ToMessage())]).Select(reply => reply.Error)];

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private static NetlinkMessage Answer(NetlinkReply reply, string operation, ushort type)
    {
        foreach (var message in reply.Messages)
        {
            if (message.Type == type)
                return message;
        }
        throw new NetlinkException($"{operation}: the kernel acknowledged without an answer");
    }

    private IEnumerable<NetlinkMessage> Dump(string operation, ushort type, ushort answer, Action<NetlinkWriter> write) =>
        _connection.Dump(new NetlinkRequest(operation, type, 0, write)).Where(message => message.Type == answer);
}
