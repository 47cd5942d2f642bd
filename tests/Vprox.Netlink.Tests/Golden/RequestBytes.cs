namespace Vprox.Netlink.Tests.Golden;

internal static class RequestBytes
{
    /// <summary>A request prints itself as the command, and goes out as the bytes: sequence number 1, flags REQUEST and ACK added.</summary>
    public static void Same(string command, RouteRequest request, string hex)
    {
        var writer = new NetlinkWriter();
        request.ToMessage().AppendTo(writer, 1, Interop.NLM_F_REQUEST | Interop.NLM_F_ACK);

        Assert.Equal(command, request.ToString());
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
    }
}
