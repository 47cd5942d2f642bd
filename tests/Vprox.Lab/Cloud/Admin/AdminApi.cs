using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vprox.Lab.Cloud.Faults;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>The lab's own API beside EC2's: what a test sets, breaks and asks.</summary>
public static class AdminApi
{
    public static void MapAdmin(this IEndpointRouteBuilder routes, CloudRegion region)
    {
        var lab = routes.MapGroup("/lab");
        lab.MapGet("/settings", () => region.Settings);
        lab.MapPut("/settings", (CloudSettings settings) =>
        {
            region.Settings = settings;
            return region.Settings;
        });
        lab.MapPost("/describe/frozen", () => region.Settings = region.Settings with { DescribeAsOf = region.Now });
        lab.MapPost("/faults", (InjectedFault fault) => region.Faults.Add(fault));
        lab.MapDelete("/faults", () => region.Faults.Clear());
        lab.MapGet("/calls", () => region.Calls);
        lab.MapDelete("/calls", () => region.ForgetCalls());
        lab.MapGet("/moves", () => region.Moves.Moves);
        lab.MapDelete("/moves", () => region.Moves.Clear());
        lab.MapGet("/elastic-ips", () => ElasticIpView.Of(region.Current));
        lab.MapGet("/elastic-ips/effective", () => ElasticIpView.Of(region.Effective));
        lab.MapInstances(region);
        lab.MapHolds(region);
    }
}
