/// A plug-in in the role of somebody else's jar.
package org.example.listing;
