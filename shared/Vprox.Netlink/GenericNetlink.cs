using System.Runtime.CompilerServices;

namespace Vprox.Netlink;

/// <summary>Generic netlink (Documentation/userspace-api/netlink/intro.rst): families by name, their requests and dumps. Safe for several threads.</summary>
public sealed class GenericNetlink : IDisposable
{
    // include/uapi/linux/genetlink.h
    private const ushort GENL_ID_CTRL = 16;
    private const byte CTRL_CMD_GETFAMILY = 3;
    private const int CTRL_ATTR_FAMILY_ID = 1;
    private const int CTRL_ATTR_FAMILY_NAME = 2;
    private const int CTRL_ATTR_VERSION = 3;

    private readonly NetlinkConnection _connection;

    internal GenericNetlink(INetlinkTransport transport) => _connection = new NetlinkConnection(transport);

    /// <summary>Opens a socket in the calling thread's network namespace; it stays there whatever thread uses it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static GenericNetlink Open() => new(NetlinkSocket.Open(Interop.NETLINK_GENERIC));

    /// <summary>Finds a family, for which the kernel may load a module; null when it has none of that name.</summary>
    /// <exception cref="NetlinkException">The kernel refused otherwise.</exception>
    public GenericNetlinkFamily? Family(string name)
    {
        var control = new GenericNetlinkFamily(GENL_ID_CTRL, "nlctrl", 2);
        var reply = _connection.Execute(Message(control, CTRL_CMD_GETFAMILY, $"genl ctrl get name {name}", writer => writer.Text(CTRL_ATTR_FAMILY_NAME, name)));
        if (reply.Error is { Errno: Errno.ENOENT })
            return null;
        if (reply.Error is { } error)
            throw new NetlinkException(error);

        var (id, version) = ((ushort)0, (byte)0);
        foreach (var message in reply.Messages)
        {
            foreach (var attribute in new NetlinkReader(Attributes(message).Span))
            {
                if (attribute.Type == CTRL_ATTR_FAMILY_ID)
                    id = attribute.U16();
                else if (attribute.Type == CTRL_ATTR_VERSION)
                    version = (byte)attribute.U32();
            }
        }
        return id != 0 ? new GenericNetlinkFamily(id, name, version) : throw new NetlinkException($"the kernel described generic netlink family {name} without a number");
    }

    /// <summary>Sends one command, waits for its acknowledgement and returns the attributes of each message that came before it, often none.</summary>
    /// <param name="family">From <see cref="Family"/>.</param>
    /// <param name="command">The family's command number.</param>
    /// <param name="operation">The request in the words of the tool that does the same; it starts the error's message.</param>
    /// <param name="attributes">Writes the request's attributes.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Request(GenericNetlinkFamily family, byte command, string operation, Action<NetlinkWriter> attributes)
    {
        var reply = _connection.Execute(Message(family, command, operation, attributes));
        return reply.Error is { } error ? throw new NetlinkException(error) : [.. reply.Messages.Select(Attributes)];
    }

    /// <summary>
    /// Reads all that a command lists and returns each message's attributes in the kernel's order; one object may go over several
    /// messages. Starts again when the list changed meanwhile.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused, or the list never held still.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Dump(GenericNetlinkFamily family, byte command, string operation, Action<NetlinkWriter> attributes) =>
        [.. _connection.Dump(Message(family, command, operation, attributes)).Select(Attributes)];

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private static NetlinkRequest Message(GenericNetlinkFamily family, byte command, string operation, Action<NetlinkWriter> attributes) =>
        new(operation, family.Id, 0, writer =>
        {
            writer.Header(new GenericHeader(command, family.Version));
            attributes(writer);
        });

    private static ReadOnlyMemory<byte> Attributes(NetlinkMessage message) => message.Payload.Length >= Unsafe.SizeOf<GenericHeader>()
        ? message.Payload.AsMemory(Unsafe.SizeOf<GenericHeader>())
        : throw new NetlinkException($"malformed generic netlink message: {message.Payload.Length} bytes");

    /// <summary>struct genlmsghdr.</summary>
    private readonly record struct GenericHeader(byte Command, byte Version, ushort Reserved = 0);
}
