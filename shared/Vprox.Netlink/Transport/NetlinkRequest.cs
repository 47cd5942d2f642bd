namespace Vprox.Netlink;

/// <summary>A message to send: its operation in words for errors, type, flags beyond REQUEST and ACK, and its payload.</summary>
internal sealed record NetlinkRequest(string Operation, ushort Type, ushort Flags, Action<NetlinkWriter> Write)
{
    public void AppendTo(NetlinkWriter writer, uint sequence, ushort flags)
    {
        var start = writer.BeginMessage(Type, (ushort)(Flags | flags), sequence);
        Write(writer);
        writer.EndMessage(start);
    }
}
