using System.Runtime.InteropServices;

namespace Vprox.Netlink.Tests.Transport;

/// <summary>A kernel by script: each datagram sent is answered by what the script makes of its messages' sequence numbers.</summary>
internal sealed class FakeKernel(Func<int, IReadOnlyList<uint>, IEnumerable<Func<byte[]>>> script) : INetlinkTransport
{
    private readonly Queue<Func<byte[]>> _answers = [];

    public int Sends { get; private set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        var sequences = new List<uint>();
        var reader = new NetlinkMessageReader(datagram);
        while (reader.MoveNext())
            sequences.Add(reader.Sequence);
        foreach (var answer in script(Sends++, sequences))
            _answers.Enqueue(answer);
    }

    public ReadOnlySpan<byte> Receive() => _answers.TryDequeue(out var answer)
        ? answer()
        : throw new NetlinkException(new NetlinkError("receive from netlink", Errno.EAGAIN));

    public void Dispose() => _answers.Clear();

    /// <summary>A datagram that the kernel lost.</summary>
    public static byte[] Overrun() => throw new NetlinkException(new NetlinkError("receive from netlink", Errno.ENOBUFS));

    public static byte[] Message(uint sequence, ushort type, ushort flags, params byte[] payload)
    {
        var writer = new NetlinkWriter();
        var start = writer.BeginMessage(type, flags, sequence);
        var bytes = new byte[Interop.Align(payload.Length)];
        payload.CopyTo(bytes, 0);
        return [.. Length(writer.Written.ToArray(), start, bytes.Length), .. bytes];
    }

    /// <summary>An acknowledgement; errno 0 is success.</summary>
    public static byte[] Acknowledge(uint sequence, Errno errno = Errno.None, string? words = null)
    {
        var attributes = new NetlinkWriter();
        if (words is not null)
        {
            attributes.Text(Interop.NLMSGERR_ATTR_MSG, words);
            attributes.S32(Interop.NLMSGERR_ATTR_OFFS, 20);
        }
        var flags = (ushort)(Interop.NLM_F_CAPPED | (words is null ? 0 : Interop.NLM_F_ACK_TLVS));
        return Message(sequence, Interop.NLMSG_ERROR, flags, [.. BitConverter.GetBytes(-(int)errno), .. new byte[Interop.HeaderLength], .. attributes.Written]);
    }

    /// <summary>The end of a dump.</summary>
    public static byte[] Done(uint sequence, ushort flags = 0) => Message(sequence, Interop.NLMSG_DONE, flags, 0, 0, 0, 0);

    private static byte[] Length(byte[] message, int start, int payload)
    {
        MemoryMarshal.Write(message.AsSpan(start), (uint)(message.Length + payload));
        return message;
    }
}
