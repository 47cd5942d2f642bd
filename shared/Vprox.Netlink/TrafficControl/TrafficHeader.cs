namespace Vprox.Netlink;

/// <summary>struct tcmsg.</summary>
internal readonly record struct TrafficHeader(byte Family, byte Padding1, ushort Padding2, int LinkIndex, uint Handle, uint Parent, uint Info)
{
    public TrafficHeader(int linkIndex, TrafficHandle handle, TrafficHandle parent, uint info = 0)
        : this(RouteMessage.AF_UNSPEC, 0, 0, linkIndex, handle.Value, parent.Value, info) { }
}
