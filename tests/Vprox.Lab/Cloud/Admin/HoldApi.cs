using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vprox.Lab.Cloud.Faults;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>Holding calls at a point.</summary>
internal static class HoldApi
{
    /// <summary>How long a question waits; the client asks again.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    public static void MapHolds(this IEndpointRouteBuilder lab, CloudRegion region)
    {
        lab.MapPost("/holds", (HoldRequest request) => region.Holds.Place(request));
        lab.MapGet("/holds/{id}/reached", async (string id) => region.Holds.Reached(id) switch
        {
            null => Results.NotFound(),
            var reached when await Task.WhenAny(reached, Task.Delay(Wait)) == reached => Results.Ok(),
            _ => Results.NoContent(),
        });
        lab.MapPost("/holds/{id}/release", (string id) => region.Holds.Release(id));
    }
}
