using System.Net;
using Vprox.Addressing;

namespace Vprox.WorkerAgent.Core;

/// <summary>The conntrack zone of what containers send through a tunnel.</summary>
public static class ConntrackZone
{
    /// <summary>
    /// A number for an inner address, 1..65535: 0 is the zone of whatever is not ours. The lower half of the address tells the tunnels of 64 static
    /// addresses apart; the upper half is folded into it, so that two of more rarely have the same.
    /// </summary>
    /// <param name="inner">The tunnel's first inner address, which it keeps when it is given more port blocks.</param>
    public static ushort Of(IPAddress inner)
    {
        var number = Ipv4.ToUInt32(inner);
        var zone = (ushort)(number ^ ((number >> 16) * 40_503));
        return zone == 0 ? ushort.MaxValue : zone;
    }
}
