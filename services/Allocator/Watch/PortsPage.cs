using System.Globalization;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.Allocator.Transactions;

namespace Vprox.Allocator.Watch;

/// <summary>
/// GET /ports?address=192.0.2.10&amp;port=1100&amp;at=2026-11-26T08:00:00Z on the health listener: which tunnel held that port then. "at" is now when
/// it is absent. A remote's log names address and port; this names worker, proxy and workspace.
/// </summary>
public static class PortsPage
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        if (!Ipv4.TryParse(query["address"], out var address))
            await RefuseAsync(context, "address must be an IPv4 address");
        else if (!ushort.TryParse(query["port"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            await RefuseAsync(context, "port must be 1 to 65535");
        else if (!TryParseTime(query["at"], now, out var at))
            await RefuseAsync(context, "at must be a time with its offset, such as 2026-11-26T08:00:00Z");
        else
        {
            var leases = await context.RequestServices.GetRequiredService<ReadPortHolders>().ReadAsync(address.ToString(), port, at, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new
            {
                Address = address.ToString(),
                Port = port,
                At = at,
                Shared = AddressLayout.SharedPorts.Contains(port),
                Holders = leases.Select(lease => new
                {
                    lease.WorkspaceId,
                    lease.ProxyId,
                    lease.WorkerId,
                    PeerPublicKey = lease.PublicKey,
                    Ports = new PortRange(lease.FirstPort, lease.LastPort).ToString(),
                    lease.From,
                    lease.Until,
                }),
            }, Json, context.RequestAborted);
        }
    }

    // A time without an offset would be taken for the server's own.
    private static bool TryParseTime(string? text, DateTimeOffset now, out DateTimeOffset at)
    {
        at = now;
        return string.IsNullOrEmpty(text) || DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
    }

    private static Task RefuseAsync(HttpContext context, string detail) =>
        Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "Bad request").ExecuteAsync(context);
}
